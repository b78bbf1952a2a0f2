import { adoptGuestMeetings } from "./functions/adopt-guest";
import { deliverFunctions } from "./functions/deliver";
import { deliverRequested } from "./functions/deliver-requested";
import { dispatchFunctions } from "./functions/dispatch-product-events";
import { endDevices } from "./functions/end-devices";
import { endSubscriptions } from "./functions/end-subscriptions";
import { fanOutFunctions } from "./functions/fan-out-notifications";
import { handleMailReports } from "./functions/handle-mail-reports";
import { housekeeping } from "./functions/housekeeping";
import { publishRequested, sweepPublications } from "./functions/publish";
import { findScheduled, publishScheduled } from "./functions/publish-scheduled";
import { purgeArticles } from "./functions/purge-articles";
import { readWhatWasAnswered } from "./functions/read-answered";
import { readWebhooks, sweepWebhooks } from "./functions/read-webhooks";
import { findReconciliations, reconcile } from "./functions/reconcile";
import { findHeld, releaseChanged, releaseMembers } from "./functions/release-held";
import { reconsiderHeld } from "./functions/reconsider-held";
import { refreshGrants } from "./functions/refresh-grants";
import { remindReaders } from "./functions/remind-readers";
import { relayOutboxSweep } from "./functions/relay-outbox";
import { claimReminders, fireDueReminders } from "./functions/reminders";
import { sendOutgoingDeliveries, sweepOutgoing } from "./functions/send-outgoing";
import { discardMedia, processMedia } from "./functions/process-media";
import { findDueSnoozes, followMeetings, wakeSnoozed } from "./functions/snoozes";
import { findHooks, removeHooks, renewHooks, restoreHooks } from "./functions/renew-hooks";
import { resumeFunctions } from "./functions/resume";
import { sweepDeliveries } from "./functions/sweep-deliveries";
import { sweepMedia, sweepStorage } from "./functions/sweep-media";
import { unlinkRemoved } from "./functions/unlink-removed";
import { withdrawDeleted } from "./functions/withdraw-deleted";

/** Every durable function, in the order of the road: out of the outbox, to the people, at the right instant, and tidied up after. */
export const functions = [
  relayOutboxSweep,
  readWebhooks,
  sweepWebhooks,
  findReconciliations,
  reconcile,
  publishRequested,
  sweepPublications,
  ...fanOutFunctions,
  ...deliverFunctions,
  deliverRequested,
  findHeld,
  releaseMembers,
  releaseChanged,
  reconsiderHeld,
  ...resumeFunctions,
  sweepDeliveries,
  withdrawDeleted,
  handleMailReports,
  claimReminders,
  fireDueReminders,
  findScheduled,
  publishScheduled,
  remindReaders,
  readWhatWasAnswered,
  findDueSnoozes,
  wakeSnoozed,
  followMeetings,
  adoptGuestMeetings,
  endDevices,
  endSubscriptions,
  unlinkRemoved,
  refreshGrants,
  findHooks,
  renewHooks,
  restoreHooks,
  removeHooks,
  ...dispatchFunctions,
  sendOutgoingDeliveries,
  sweepOutgoing,
  processMedia,
  discardMedia,
  sweepMedia,
  sweepStorage,
  purgeArticles,
  housekeeping,
];
