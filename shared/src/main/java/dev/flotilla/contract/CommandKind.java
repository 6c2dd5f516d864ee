package dev.flotilla.contract;

import static dev.flotilla.contract.CommandKind.Effect.CHANGES;
import static dev.flotilla.contract.CommandKind.Effect.READS;
import static dev.flotilla.contract.Rest.delete;
import static dev.flotilla.contract.Rest.get;
import static dev.flotilla.contract.Rest.patch;
import static dev.flotilla.contract.Rest.post;

import dev.flotilla.identity.Scope;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The command table. WebSocket methods, REST routes, authorisation and the reference pages all
/// come from it. The schema of a row's params is `contract/command/{method}.json`.
public enum CommandKind {
  TASK_CREATE(
      "task.create",
      Scope.TASKS_WRITE,
      CHANGES,
      Command.TaskCreate.class,
      Result.TaskView.class,
      post("/tasks", 201)),
  TASK_GET(
      "task.get",
      Scope.TASKS_READ,
      READS,
      Command.TaskGet.class,
      Result.TaskView.class,
      get("/tasks/:id")),
  TASK_LIST(
      "task.list",
      Scope.TASKS_READ,
      READS,
      Command.TaskList.class,
      Result.TaskPage.class,
      get("/tasks")),
  TASK_CANCEL(
      "task.cancel",
      Scope.TASKS_WRITE,
      CHANGES,
      Command.TaskCancel.class,
      Result.TaskView.class,
      post("/tasks/:id/cancel", 200)),
  TASK_RETRY(
      "task.retry",
      Scope.TASKS_WRITE,
      CHANGES,
      Command.TaskRetry.class,
      Result.TaskView.class,
      post("/tasks/:id/retry", 200)),
  TASK_BATCH(
      "task.batch",
      Scope.TASKS_WRITE,
      CHANGES,
      QueueCommand.TaskBatch.class,
      QueueResult.TaskBatch.class,
      post("/tasks/batch", 201)),
  TASK_ATTEMPTS(
      "task.attempts",
      Scope.TASKS_READ,
      READS,
      QueueCommand.TaskAttempts.class,
      QueueResult.TaskAttempts.class,
      get("/tasks/:id/attempts")),
  TASK_WAIT(
      "task.wait",
      Scope.TASKS_READ,
      READS,
      QueueCommand.TaskWait.class,
      Result.TaskView.class,
      get("/tasks/:id/wait")),
  DEAD_LETTER_LIST(
      "deadletter.list",
      Scope.TASKS_READ,
      READS,
      QueueCommand.DeadLetterList.class,
      Result.TaskPage.class,
      get("/dead-letters")),
  DEAD_LETTER_REPLAY(
      "deadletter.replay",
      Scope.TASKS_WRITE,
      CHANGES,
      QueueCommand.DeadLetterReplay.class,
      QueueResult.Replayed.class,
      post("/dead-letters/replay", 200)),
  DEAD_LETTER_PURGE(
      "deadletter.purge",
      Scope.QUEUE_MANAGE,
      CHANGES,
      QueueCommand.DeadLetterPurge.class,
      QueueResult.Purged.class,
      post("/dead-letters/purge", 200)),
  QUEUE_STATS(
      "queue.stats",
      Scope.TASKS_READ,
      READS,
      QueueCommand.QueueStats.class,
      QueueResult.QueueStats.class,
      get("/queue/stats")),
  QUEUE_PAUSE(
      "queue.pause",
      Scope.QUEUE_MANAGE,
      CHANGES,
      QueueCommand.QueuePause.class,
      QueueResult.QueuePauses.class,
      post("/queue/pause", 200)),
  QUEUE_RESUME(
      "queue.resume",
      Scope.QUEUE_MANAGE,
      CHANGES,
      QueueCommand.QueueResume.class,
      QueueResult.QueuePauses.class,
      post("/queue/resume", 200)),
  QUEUE_POLICY_GET(
      "queue.policy.get",
      Scope.TASKS_READ,
      READS,
      QueueCommand.QueuePolicyGet.class,
      QueueResult.QueuePolicy.class,
      get("/queue/policy")),
  QUEUE_POLICY_SET(
      "queue.policy.set",
      Scope.FLEET_ADMIN,
      CHANGES,
      QueueCommand.QueuePolicySet.class,
      QueueResult.QueuePolicy.class,
      post("/queue/policy", 200)),
  SCHEDULE_CREATE(
      "schedule.create",
      Scope.TASKS_WRITE,
      CHANGES,
      QueueCommand.ScheduleCreate.class,
      QueueResult.ScheduleView.class,
      post("/schedules", 201)),
  SCHEDULE_LIST(
      "schedule.list",
      Scope.TASKS_READ,
      READS,
      QueueCommand.ScheduleList.class,
      QueueResult.SchedulePage.class,
      get("/schedules")),
  SCHEDULE_GET(
      "schedule.get",
      Scope.TASKS_READ,
      READS,
      QueueCommand.ScheduleGet.class,
      QueueResult.ScheduleView.class,
      get("/schedules/:id")),
  SCHEDULE_UPDATE(
      "schedule.update",
      Scope.TASKS_WRITE,
      CHANGES,
      QueueCommand.ScheduleUpdate.class,
      QueueResult.ScheduleView.class,
      post("/schedules/:id", 200)),
  SCHEDULE_DELETE(
      "schedule.delete",
      Scope.TASKS_WRITE,
      CHANGES,
      QueueCommand.ScheduleDelete.class,
      QueueResult.ScheduleRemoved.class,
      delete("/schedules/:id")),
  THREAD_HISTORY(
      "thread.history",
      Scope.THREADS_READ,
      READS,
      Command.ThreadHistory.class,
      Result.ThreadHistory.class,
      get("/threads/:thread/history")),
  THREAD_LIST(
      "thread.list",
      Scope.THREADS_READ,
      READS,
      ThreadCommand.ThreadList.class,
      ThreadResult.ThreadPage.class,
      get("/threads")),
  THREAD_SEARCH(
      "thread.search",
      Scope.THREADS_READ,
      READS,
      ThreadCommand.ThreadSearch.class,
      ThreadResult.ThreadHits.class,
      get("/threads/search")),
  THREAD_UPDATE(
      "thread.update",
      Scope.THREADS_WRITE,
      CHANGES,
      ThreadCommand.ThreadUpdate.class,
      ThreadResult.ThreadView.class,
      patch("/threads/:thread")),
  THREAD_ABORT(
      "thread.abort",
      Scope.THREADS_WRITE,
      CHANGES,
      ThreadCommand.ThreadAbort.class,
      Result.TaskView.class,
      post("/threads/:thread/abort", 200)),
  RETENTION_GET(
      "retention.get",
      Scope.TASKS_READ,
      READS,
      RetentionCommand.RetentionGet.class,
      RetentionResult.RetentionPolicy.class,
      get("/retention")),
  RETENTION_SET(
      "retention.set",
      Scope.FLEET_ADMIN,
      CHANGES,
      RetentionCommand.RetentionSet.class,
      RetentionResult.RetentionPolicy.class,
      post("/retention", 200)),
  AGENT_LIST(
      "agent.list",
      Scope.TASKS_READ,
      READS,
      Command.AgentList.class,
      Result.AgentPage.class,
      get("/agents")),
  INSTANCE_REGISTER(
      "instance.register",
      Scope.INSTANCES_WRITE,
      CHANGES,
      Command.InstanceRegister.class,
      Result.InstanceView.class,
      post("/registry/instances", 201)),
  INSTANCE_GET(
      "instance.get",
      Scope.INSTANCES_READ,
      READS,
      Command.InstanceGet.class,
      Result.InstanceView.class,
      get("/registry/instances/:id")),
  INSTANCE_LIST(
      "instance.list",
      Scope.INSTANCES_READ,
      READS,
      Command.InstanceList.class,
      Result.InstancePage.class,
      get("/registry/instances")),
  INSTANCE_UPDATE(
      "instance.update",
      Scope.INSTANCES_WRITE,
      CHANGES,
      InstanceCommand.InstanceUpdate.class,
      Result.InstanceView.class,
      patch("/registry/instances/:id")),
  INSTANCE_CREDENTIAL_REVOKE(
      "instance.credential.revoke",
      Scope.INSTANCES_WRITE,
      CHANGES,
      InstanceCommand.InstanceCredentialRevoke.class,
      Result.InstanceView.class,
      post("/registry/instances/:id/credential/revoke", 200)),
  INSTANCE_TEST(
      "instance.test",
      Scope.INSTANCES_WRITE,
      READS,
      InstanceCommand.InstanceTest.class,
      InstanceResult.InstanceTested.class,
      post("/registry/instances/test", 200)),
  INSTANCE_REMOVE(
      "instance.remove",
      Scope.INSTANCES_WRITE,
      CHANGES,
      Command.InstanceRemove.class,
      Result.InstanceRemoved.class,
      delete("/registry/instances/:id")),
  INSTANCE_CORDON(
      "instance.cordon",
      Scope.INSTANCES_WRITE,
      CHANGES,
      OpsCommand.InstanceCordon.class,
      Result.InstanceView.class,
      post("/registry/instances/:id/cordon", 200)),
  INSTANCE_UNCORDON(
      "instance.uncordon",
      Scope.INSTANCES_WRITE,
      CHANGES,
      OpsCommand.InstanceUncordon.class,
      Result.InstanceView.class,
      post("/registry/instances/:id/uncordon", 200)),
  INSTANCE_DRAIN(
      "instance.drain",
      Scope.INSTANCES_WRITE,
      CHANGES,
      OpsCommand.InstanceDrain.class,
      Result.InstanceView.class,
      post("/registry/instances/:id/drain", 202)),
  ROUTE_EXPLAIN(
      "route.explain",
      Scope.INSTANCES_READ,
      READS,
      OpsCommand.RouteExplain.class,
      OpsResult.RouteExplanation.class,
      get("/registry/routes/explain")),
  ROUTE_POLICY_GET(
      "route.policy.get",
      Scope.INSTANCES_READ,
      READS,
      OpsCommand.RoutePolicyGet.class,
      OpsResult.RoutePolicy.class,
      get("/registry/routes/policy")),
  ROUTE_POLICY_SET(
      "route.policy.set",
      Scope.INSTANCES_WRITE,
      CHANGES,
      OpsCommand.RoutePolicySet.class,
      OpsResult.RoutePolicy.class,
      post("/registry/routes/policy", 200)),
  TOPOLOGY_GET(
      "topology.get",
      Scope.NODES_READ,
      READS,
      OpsCommand.TopologyGet.class,
      OpsResult.TopologyView.class,
      get("/registry/topology")),
  TASK_POSITION(
      "task.position",
      Scope.TASKS_READ,
      READS,
      OpsCommand.TaskPosition.class,
      OpsResult.TaskPosition.class,
      get("/tasks/:id/position")),
  NODE_CHECKUP(
      "node.checkup",
      Scope.FLEET_ADMIN,
      READS,
      OpsCommand.NodeCheckup.class,
      OpsResult.NodeCheckups.class,
      get("/registry/nodes/checkup")),
  WEBHOOK_CREATE(
      "webhook.create",
      Scope.INSTANCES_WRITE,
      CHANGES,
      OpsCommand.WebhookCreate.class,
      OpsResult.WebhookView.class,
      post("/webhooks", 201)),
  WEBHOOK_LIST(
      "webhook.list",
      Scope.INSTANCES_READ,
      READS,
      OpsCommand.WebhookList.class,
      OpsResult.WebhookPage.class,
      get("/webhooks")),
  WEBHOOK_DELETE(
      "webhook.delete",
      Scope.INSTANCES_WRITE,
      CHANGES,
      OpsCommand.WebhookDelete.class,
      OpsResult.WebhookRemoved.class,
      delete("/webhooks/:id")),
  AGENT_CATALOG(
      "agent.catalog",
      Scope.INSTANCES_READ,
      READS,
      PeerCommand.AgentCatalog.class,
      PeerResult.AgentCatalog.class,
      get("/agents/catalog")),
  MODEL_LIST(
      "model.list",
      Scope.INSTANCES_READ,
      READS,
      PeerCommand.ModelList.class,
      PeerResult.ModelPage.class,
      get("/models")),
  SESSION_LIST(
      "session.list",
      Scope.THREADS_READ,
      READS,
      PeerCommand.SessionList.class,
      PeerResult.SessionPage.class,
      get("/sessions")),
  SESSION_HISTORY(
      "session.history",
      Scope.THREADS_READ,
      READS,
      PeerCommand.SessionHistory.class,
      PeerResult.SessionHistory.class,
      get("/registry/instances/:instance/history")),
  CHAT_ABORT(
      "chat.abort",
      Scope.THREADS_WRITE,
      CHANGES,
      PeerCommand.ChatAbort.class,
      PeerResult.ChatAborted.class,
      post("/registry/instances/:instance/abort", 200)),
  APPROVAL_LIST(
      "approval.list",
      Scope.INSTANCES_READ,
      READS,
      PeerCommand.ApprovalList.class,
      PeerResult.ApprovalPage.class,
      get("/approvals")),
  APPROVAL_RESOLVE(
      "approval.resolve",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.ApprovalResolve.class,
      PeerResult.ApprovalResolved.class,
      post("/registry/instances/:instance/approvals/:id", 200)),
  CRON_LIST(
      "cron.list",
      Scope.INSTANCES_READ,
      READS,
      PeerCommand.CronList.class,
      PeerResult.CronPage.class,
      get("/cron")),
  CRON_ADD(
      "cron.add",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.CronAdd.class,
      PeerResult.CronChanged.class,
      post("/registry/instances/:instance/cron", 201)),
  CRON_UPDATE(
      "cron.update",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.CronUpdate.class,
      PeerResult.CronChanged.class,
      patch("/registry/instances/:instance/cron/:id")),
  CRON_REMOVE(
      "cron.remove",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.CronRemove.class,
      PeerResult.CronChanged.class,
      delete("/registry/instances/:instance/cron/:id")),
  CRON_RUN(
      "cron.run",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.CronRun.class,
      PeerResult.CronChanged.class,
      post("/registry/instances/:instance/cron/:id/run", 202)),
  INSTANCE_RESTART(
      "instance.restart",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.InstanceRestart.class,
      PeerResult.InstanceRestarting.class,
      post("/registry/instances/:instance/restart", 202)),
  INSTANCE_CALL(
      "instance.call",
      Scope.INSTANCES_WRITE,
      CHANGES,
      PeerCommand.InstanceCall.class,
      PeerResult.InstanceCalled.class,
      post("/registry/instances/:instance/call", 200)),
  PROJECT_CREATE(
      "project.create",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ProjectCreate.class,
      WorkResult.Project.class,
      post("/projects", 201)),
  PROJECT_GET(
      "project.get",
      Scope.WORK_READ,
      READS,
      WorkCommand.ProjectGet.class,
      WorkResult.Project.class,
      get("/projects/:id")),
  PROJECT_LIST(
      "project.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.ProjectList.class,
      WorkResult.ProjectPage.class,
      get("/projects")),
  PROJECT_UPDATE(
      "project.update",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ProjectUpdate.class,
      WorkResult.Project.class,
      patch("/projects/:id")),
  PROJECT_DELETE(
      "project.delete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ProjectDelete.class,
      WorkResult.WorkRemoved.class,
      delete("/projects/:id")),
  PROJECT_RESTORE(
      "project.restore",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ProjectRestore.class,
      WorkResult.Project.class,
      post("/projects/:id/restore", 200)),
  WORK_ITEM_CREATE(
      "work_item.create",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ItemCreate.class,
      WorkItem.class,
      post("/work-items", 201)),
  WORK_ITEM_GET(
      "work_item.get",
      Scope.WORK_READ,
      READS,
      WorkCommand.ItemGet.class,
      WorkItem.class,
      get("/work-items/:id")),
  WORK_ITEM_LIST(
      "work_item.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.ItemList.class,
      WorkResult.WorkItemPage.class,
      get("/work-items")),
  WORK_ITEM_UPDATE(
      "work_item.update",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ItemUpdate.class,
      WorkItem.class,
      patch("/work-items/:id")),
  WORK_ITEM_MOVE(
      "work_item.move",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ItemMove.class,
      WorkItem.class,
      post("/work-items/:id/move", 200)),
  WORK_ITEM_DELETE(
      "work_item.delete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ItemDelete.class,
      WorkResult.WorkRemoved.class,
      delete("/work-items/:id")),
  WORK_ITEM_RESTORE(
      "work_item.restore",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ItemRestore.class,
      WorkItem.class,
      post("/work-items/:id/restore", 200)),
  SPRINT_CREATE(
      "sprint.create",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.SprintCreate.class,
      Sprint.class,
      post("/sprints", 201)),
  SPRINT_GET(
      "sprint.get",
      Scope.WORK_READ,
      READS,
      WorkCommand.SprintGet.class,
      Sprint.class,
      get("/sprints/:id")),
  SPRINT_LIST(
      "sprint.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.SprintList.class,
      WorkResult.SprintPage.class,
      get("/sprints")),
  SPRINT_UPDATE(
      "sprint.update",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.SprintUpdate.class,
      Sprint.class,
      patch("/sprints/:id")),
  SPRINT_DELETE(
      "sprint.delete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.SprintDelete.class,
      WorkResult.WorkRemoved.class,
      delete("/sprints/:id")),
  SPRINT_RESTORE(
      "sprint.restore",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.SprintRestore.class,
      Sprint.class,
      post("/sprints/:id/restore", 200)),
  SPRINT_START(
      "sprint.start",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.SprintStart.class,
      Sprint.class,
      post("/sprints/:id/start", 200)),
  SPRINT_COMPLETE(
      "sprint.complete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.SprintComplete.class,
      WorkResult.SprintReview.class,
      post("/sprints/:id/complete", 200)),
  COMMENT_ADD(
      "comment.add",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.CommentAdd.class,
      Comment.class,
      post("/comments", 201)),
  COMMENT_LIST(
      "comment.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.CommentList.class,
      WorkResult.CommentPage.class,
      get("/comments")),
  COMMENT_UPDATE(
      "comment.update",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.CommentUpdate.class,
      Comment.class,
      patch("/comments/:id")),
  COMMENT_DELETE(
      "comment.delete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.CommentDelete.class,
      WorkResult.WorkRemoved.class,
      delete("/comments/:id")),
  TIME_ENTRY_START(
      "time_entry.start",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.TimeStart.class,
      TimeEntry.class,
      post("/time-entries", 201)),
  TIME_ENTRY_STOP(
      "time_entry.stop",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.TimeStop.class,
      TimeEntry.class,
      post("/time-entries/stop", 200)),
  TIME_ENTRY_LIST(
      "time_entry.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.TimeList.class,
      WorkResult.TimeEntryPage.class,
      get("/time-entries")),
  TIME_ENTRY_UPDATE(
      "time_entry.update",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.TimeUpdate.class,
      TimeEntry.class,
      patch("/time-entries/:id")),
  TIME_ENTRY_DELETE(
      "time_entry.delete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.TimeDelete.class,
      WorkResult.WorkRemoved.class,
      delete("/time-entries/:id")),
  DEPENDENCY_CREATE(
      "dependency.create",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.DependencyCreate.class,
      Dependency.class,
      post("/dependencies", 201)),
  DEPENDENCY_LIST(
      "dependency.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.DependencyList.class,
      WorkResult.DependencyPage.class,
      get("/dependencies")),
  DEPENDENCY_DELETE(
      "dependency.delete",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.DependencyDelete.class,
      WorkResult.WorkRemoved.class,
      delete("/dependencies/:id")),
  ACTIVITY_LIST(
      "activity.list",
      Scope.WORK_READ,
      READS,
      WorkCommand.ActivityList.class,
      WorkResult.ActivityPage.class,
      get("/activity")),
  WORK_ITEM_ASSIGN_AGENT(
      "work_item.assign_agent",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.ItemAssignAgent.class,
      WorkResult.AgentAssigned.class,
      post("/work-items/:id/assign-agent", 201)),
  WORK_ITEM_ATTEND(
      "work_item.attend",
      Scope.WORK_READ,
      READS,
      WorkCommand.ItemAttend.class,
      WorkResult.Attendance.class,
      post("/work-items/:id/attend", 200)),
  WORK_SYNC(
      "work.sync",
      Scope.WORK_WRITE,
      CHANGES,
      WorkCommand.WorkSync.class,
      WorkResult.Synced.class,
      post("/work/sync", 200)),
  SYSTEM_GET(
      "system.get",
      Scope.NODES_READ,
      READS,
      Command.SystemGet.class,
      Result.SystemView.class,
      get("/system")),
  NODE_LIST(
      "node.list",
      Scope.NODES_READ,
      READS,
      Command.NodeList.class,
      Result.NodePage.class,
      get("/registry/nodes")),
  PRESENCE_LIST(
      "presence.list",
      Scope.EVENTS_READ,
      READS,
      Command.PresenceList.class,
      Result.PresencePage.class,
      get("/presence")),
  ALERT_RAISE(
      "alert.raise",
      Scope.EVENTS_BROADCAST,
      CHANGES,
      Command.AlertRaise.class,
      Result.AlertView.class,
      post("/alerts", 201)),
  USER_CREATE(
      "user.create",
      Scope.USERS_MANAGE,
      CHANGES,
      AccessCommand.UserCreate.class,
      AccessResult.UserView.class,
      post("/users", 201)),
  USER_GET(
      "user.get",
      Scope.USERS_MANAGE,
      READS,
      AccessCommand.UserGet.class,
      AccessResult.UserView.class,
      get("/users/:id")),
  USER_LIST(
      "user.list",
      Scope.USERS_MANAGE,
      READS,
      AccessCommand.UserList.class,
      AccessResult.UserPage.class,
      get("/users")),
  USER_UPDATE(
      "user.update",
      Scope.USERS_MANAGE,
      CHANGES,
      AccessCommand.UserUpdate.class,
      AccessResult.UserView.class,
      post("/users/:id", 200)),
  USER_DISABLE(
      "user.disable",
      Scope.USERS_MANAGE,
      CHANGES,
      AccessCommand.UserDisable.class,
      AccessResult.UserView.class,
      post("/users/:id/disable", 200)),
  USER_REVOKE(
      "user.revoke",
      Scope.USERS_MANAGE,
      CHANGES,
      AccessCommand.UserRevoke.class,
      AccessResult.UserRevoked.class,
      post("/users/:id/revoke", 200)),
  LOGIN_LIST(
      "login.list",
      Scope.USERS_MANAGE,
      READS,
      AccessCommand.LoginList.class,
      AccessResult.LoginPage.class,
      get("/logins")),
  LOGIN_REVOKE(
      "login.revoke",
      Scope.USERS_MANAGE,
      CHANGES,
      AccessCommand.LoginRevoke.class,
      AccessResult.LoginRevoked.class,
      delete("/logins/:id")),
  API_KEY_CREATE(
      "apikey.create",
      Scope.KEYS_MANAGE,
      CHANGES,
      AccessCommand.ApiKeyCreate.class,
      AccessResult.ApiKeyCreated.class,
      post("/api-keys", 201)),
  API_KEY_LIST(
      "apikey.list",
      Scope.KEYS_MANAGE,
      READS,
      AccessCommand.ApiKeyList.class,
      AccessResult.ApiKeyPage.class,
      get("/api-keys")),
  API_KEY_REVOKE(
      "apikey.revoke",
      Scope.KEYS_MANAGE,
      CHANGES,
      AccessCommand.ApiKeyRevoke.class,
      AccessResult.ApiKeyRevoked.class,
      delete("/api-keys/:id")),
  AUDIT_LIST(
      "audit.list",
      Scope.AUDIT_READ,
      READS,
      AccessCommand.AuditList.class,
      AccessResult.AuditPage.class,
      get("/audit")),
  TENANT_CREATE(
      "tenant.create",
      Scope.FLEET_ADMIN,
      CHANGES,
      TenantCommand.TenantCreate.class,
      TenantResult.TenantView.class,
      post("/tenants", 201)),
  TENANT_LIST(
      "tenant.list",
      Scope.FLEET_ADMIN,
      READS,
      TenantCommand.TenantList.class,
      TenantResult.TenantPage.class,
      get("/tenants")),
  TENANT_GET(
      "tenant.get",
      Scope.FLEET_ADMIN,
      READS,
      TenantCommand.TenantGet.class,
      TenantResult.TenantView.class,
      get("/tenants/:id")),
  TENANT_UPDATE(
      "tenant.update",
      Scope.FLEET_ADMIN,
      CHANGES,
      TenantCommand.TenantUpdate.class,
      TenantResult.TenantView.class,
      patch("/tenants/:id")),
  TENANT_SUSPEND(
      "tenant.suspend",
      Scope.FLEET_ADMIN,
      CHANGES,
      TenantCommand.TenantSuspend.class,
      TenantResult.TenantView.class,
      post("/tenants/:id/suspend", 200)),
  TENANT_RESUME(
      "tenant.resume",
      Scope.FLEET_ADMIN,
      CHANGES,
      TenantCommand.TenantResume.class,
      TenantResult.TenantView.class,
      post("/tenants/:id/resume", 200)),
  TENANT_DELETE(
      "tenant.delete",
      Scope.FLEET_ADMIN,
      CHANGES,
      TenantCommand.TenantDelete.class,
      TenantResult.TenantView.class,
      post("/tenants/:id/delete", 202)),
  TENANT_EXPORT(
      "tenant.export",
      Scope.FLEET_ADMIN,
      READS,
      TenantCommand.TenantExport.class,
      TenantResult.TenantExported.class,
      get("/tenants/:id/export")),
  NODE_REBALANCE(
      "node.rebalance",
      Scope.SESSIONS_MANAGE,
      CHANGES,
      Command.NodeRebalance.class,
      Result.NodesRebalanced.class,
      post("/registry/nodes/rebalance", 202));

  /// Whether a command changes state. One that does carries an idempotency key.
  public enum Effect {
    READS,
    CHANGES
  }

  private static final Map<String, CommandKind> BY_METHOD =
      Arrays.stream(values()).collect(Collectors.toMap(CommandKind::method, Function.identity()));

  private final String method;
  private final Scope scope;
  private final Effect effect;
  private final Class<? extends Command> params;
  private final Class<? extends Result> result;
  private final Rest rest;

  CommandKind(
      String method,
      Scope scope,
      Effect effect,
      Class<? extends Command> params,
      Class<? extends Result> result,
      Rest rest) {
    this.method = method;
    this.scope = scope;
    this.effect = effect;
    this.params = params;
    this.result = result;
    this.rest = rest;
  }

  public static Optional<CommandKind> of(String method) {
    return Optional.ofNullable(BY_METHOD.get(method));
  }

  /// The row of a command: no two have the same params.
  public static CommandKind of(Command command) {
    for (CommandKind kind : values()) {
      if (kind.params.equals(command.getClass())) {
        return kind;
      }
    }
    throw new IllegalStateException("No row for " + command.getClass());
  }

  /// The name on the wire, such as `task.create`.
  public String method() {
    return method;
  }

  public Scope scope() {
    return scope;
  }

  public boolean changesState() {
    return effect == CHANGES;
  }

  public Class<? extends Command> params() {
    return params;
  }

  public Class<? extends Result> result() {
    return result;
  }

  /// Where it is on REST, under both `/api/v1` and `/api`.
  public Rest rest() {
    return rest;
  }
}
