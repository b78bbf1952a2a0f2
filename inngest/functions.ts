import { adoptGuestMeetings } from "./functions/adopt-guest";
import { deliverFunctions } from "./functions/deliver";
import { deliverRequested } from "./functions/deliver-requested";
import { fanOutNotifications } from "./functions/fan-out-notifications";
import { handleMailReports } from "./functions/handle-mail-reports";
import { housekeeping } from "./functions/housekeeping";
import { readWhatWasAnswered } from "./functions/read-answered";
import { findHeld, releaseChanged, releaseMembers } from "./functions/release-held";
import { relayOutboxSweep } from "./functions/relay-outbox";
import { claimReminders, fireDueReminders } from "./functions/reminders";
import { findDueSnoozes, followMeetings, wakeSnoozed } from "./functions/snoozes";
import { sweepDeliveries } from "./functions/sweep-deliveries";

/** Every durable function, in the order of the road: out of the outbox, to the people, at the right instant, and tidied up after. */
export const functions = [
  relayOutboxSweep,
  fanOutNotifications,
  ...deliverFunctions,
  deliverRequested,
  findHeld,
  releaseMembers,
  releaseChanged,
  sweepDeliveries,
  handleMailReports,
  claimReminders,
  fireDueReminders,
  readWhatWasAnswered,
  findDueSnoozes,
  wakeSnoozed,
  followMeetings,
  adoptGuestMeetings,
  housekeeping,
];
