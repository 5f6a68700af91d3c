/// Everything an engine provides. Consumers ask for the narrow protocols; only the composition root sees the whole.
package typealias Store = IntakeStoring & DispatchStoring & CampaignStoring & CustomerStoring & LogReading
    & FollowUpReading & StatusReading & ChangeWatching & NodeStoring & CursorStoring & IdempotencyStoring & Maintaining
