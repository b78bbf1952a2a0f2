/** How long the log of inbound webhooks is kept; a change that is older cannot be known to have been told. */
export const logDays = 30;
