package dev.flotilla.bus;

import dev.flotilla.account.Grant;
import dev.flotilla.account.LoggedOut;
import dev.flotilla.account.LoginAsk;
import dev.flotilla.account.LogoutAsk;
import dev.flotilla.account.OidcAsk;
import dev.flotilla.account.OidcLogoutAsk;
import dev.flotilla.account.RefreshAsk;
import dev.flotilla.balance.SessionsOrder;
import dev.flotilla.balance.SessionsReport;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.dispatch.ConnectionTest;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.InstanceReports;
import dev.flotilla.dispatch.LocalReport;
import dev.flotilla.dispatch.PeerAsk;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RouteReasons;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventBatch;
import dev.flotilla.telemetry.Checkup;
import dev.flotilla.wire.RawJson;

/// Every address on the cluster. Registrations are cluster state: there is one per node, role or
/// tenant in use, never one per session or topic.
public final class Addresses {
  /// Any command node: runs a command and answers with its result.
  public static final Ask<CommandRequest, RawJson> EXECUTE =
      new Ask<>("command.execute", CommandRequest.class, RawJson.class);

  /// Any command node: begins a session for who knows the password.
  public static final Ask<OidcAsk, Grant> OIDC_LOGIN =
      new Ask<>("account.oidc-login", OidcAsk.class, Grant.class);

  public static final Ask<LoginAsk, Grant> LOGIN =
      new Ask<>("account.login", LoginAsk.class, Grant.class);

  /// Any command node: goes on with a session.
  public static final Ask<RefreshAsk, Grant> REFRESH =
      new Ask<>("account.refresh", RefreshAsk.class, Grant.class);

  /// Any command node: ends a session.
  public static final Ask<LogoutAsk, LoggedOut> LOGOUT =
      new Ask<>("account.logout", LogoutAsk.class, LoggedOut.class);

  /// Any command node: ends the sessions of who has logged out at their provider.
  public static final Ask<OidcLogoutAsk, LoggedOut> OIDC_LOGOUT =
      new Ask<>("account.oidc-logout", OidcLogoutAsk.class, LoggedOut.class);

  /// All gateway nodes: something was revoked.
  public static final Tell<Bell> REVOKED = new Tell<>("account.revoked", Bell.class);

  /// All command nodes: the queue may have work.
  public static final Tell<Bell> QUEUE = new Tell<>("command.queue", Bell.class);

  /// Any registry node: where a task could run.
  public static final Ask<RouteAsk, RouteAnswer> ROUTE =
      new Ask<>("registry.route", RouteAsk.class, RouteAnswer.class);

  /// Any registry node: the same with the reasons.
  public static final Ask<RouteAsk, RouteReasons> EXPLAIN =
      new Ask<>("registry.explain", RouteAsk.class, RouteReasons.class);

  /// Any registry node: how all instances are.
  public static final Ask<Bell, InstanceReports> INSTANCES =
      new Ask<>("registry.instances", Bell.class, InstanceReports.class);

  /// All registry nodes: the table of instances has changed.
  public static final Tell<Bell> INSTANCES_CHANGED =
      new Tell<>("registry.instances-changed", Bell.class);

  /// All registry nodes: a link's owner says how its instance is.
  public static final Tell<InstanceReport> INSTANCE_REPORT =
      new Tell<>("registry.instance-report", InstanceReport.class);

  /// All registry nodes: how the gateway of a node's own host is.
  public static final Tell<LocalReport> LOCAL_REPORT =
      new Tell<>("registry.local-report", LocalReport.class);

  /// Any registry node: what happens when it connects to an instance.
  public static final Ask<ConnectionTest, InstanceTested> TEST_CONNECTION =
      new Ask<>("registry.test", ConnectionTest.class, InstanceTested.class);

  private Addresses() {}

  /// All gateway nodes with a session of the tenant: its events.
  public static Tell<EventBatch> events(TenantId tenant) {
    return new Tell<>("events." + tenant.value(), EventBatch.class);
  }

  /// The node that owns the link: makes sure that the ordered run goes on, and says how it is.
  public static Ask<RunOrder, RunState> run(NodeId owner) {
    return new Ask<>("registry." + owner.value() + ".run", RunOrder.class, RunState.class);
  }

  /// The node that owns the link: ends a run.
  public static Ask<RunCancel, RunState> cancel(NodeId owner) {
    return new Ask<>("registry." + owner.value() + ".cancel", RunCancel.class, RunState.class);
  }

  /// The node that owns the link: what a run has said so far.
  public static Ask<RunTextAsk, RunText> runText(NodeId owner) {
    return new Ask<>("registry." + owner.value() + ".run-text", RunTextAsk.class, RunText.class);
  }

  /// The node that owns the link: what the instance itself says to a question.
  public static Ask<PeerAsk, RawJson> peer(NodeId owner) {
    return new Ask<>("registry." + owner.value() + ".peer", PeerAsk.class, RawJson.class);
  }

  /// The command node that holds a task's lease: its run has ended.
  public static Tell<RunEnded> runEnded(NodeId holder) {
    return new Tell<>("command." + holder.value() + ".run-ended", RunEnded.class);
  }

  /// The command node that holds leases: a task of its own is to be cancelled, look at them.
  public static Tell<Bell> leases(NodeId holder) {
    return new Tell<>("command." + holder.value() + ".leases", Bell.class);
  }

  /// A gateway node: how many sessions it has, and to send some of them elsewhere.
  public static Ask<SessionsOrder, SessionsReport> sessions(NodeId gateway) {
    return new Ask<>(
        "gateway." + gateway.value() + ".sessions", SessionsOrder.class, SessionsReport.class);
  }

  /// One node: answers at once, so that every pair of nodes can check its part of the bus.
  public static Ask<Echo, Echo> echo(NodeId node) {
    return new Ask<>("node." + node.value() + ".echo", Echo.class, Echo.class);
  }

  /// One node: how it is, and how it sees the others.
  public static Ask<Echo, Checkup> checkup(NodeId node) {
    return new Ask<>("node." + node.value() + ".checkup", Echo.class, Checkup.class);
  }
}
