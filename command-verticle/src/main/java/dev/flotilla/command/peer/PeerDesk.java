package dev.flotilla.command.peer;

import dev.flotilla.command.peer.Peers.Answers;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.contract.Result;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.telemetry.LogKeys;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what clients ask of instances. What changes something there is logged with its author.
public record PeerDesk(Peers peers) {
  private static final Logger LOG = LoggerFactory.getLogger(PeerDesk.class);

  public Result handle(PeerCommand command, CommandContext context) {
    return switch (command) {
      case PeerCommand.AgentCatalog c -> {
        var answers = peers.all(c, PeerResult.AgentCatalog.class, context);
        yield new PeerResult.AgentCatalog(
            items(answers, PeerResult.AgentCatalog::items), answers.failures(), partial(answers));
      }
      case PeerCommand.ModelList c -> {
        var answers = peers.all(c, PeerResult.ModelPage.class, context);
        yield new PeerResult.ModelPage(
            items(answers, PeerResult.ModelPage::items), answers.failures(), partial(answers));
      }
      case PeerCommand.SessionList c -> {
        var answers = peers.all(c, PeerResult.SessionPage.class, context);
        yield new PeerResult.SessionPage(
            items(answers, PeerResult.SessionPage::items), answers.failures(), partial(answers));
      }
      case PeerCommand.ApprovalList c -> {
        var answers = peers.all(c, PeerResult.ApprovalPage.class, context);
        yield new PeerResult.ApprovalPage(
            items(answers, PeerResult.ApprovalPage::items), answers.failures(), partial(answers));
      }
      case PeerCommand.CronList c -> {
        var answers = peers.all(c, PeerResult.CronPage.class, context);
        yield new PeerResult.CronPage(
            items(answers, PeerResult.CronPage::items), answers.failures(), partial(answers));
      }
      case PeerCommand.SessionHistory c ->
          peers.one(c, c.instance(), PeerResult.SessionHistory.class, context);
      case PeerCommand.ChatAbort c ->
          change(c, c.instance(), c.key(), PeerResult.ChatAborted.class, context);
      case PeerCommand.ApprovalResolve c ->
          change(c, c.instance(), c.id(), PeerResult.ApprovalResolved.class, context);
      case PeerCommand.CronAdd c ->
          change(c, c.instance(), c.name(), PeerResult.CronChanged.class, context);
      case PeerCommand.CronUpdate c ->
          change(c, c.instance(), c.id(), PeerResult.CronChanged.class, context);
      case PeerCommand.CronRemove c ->
          change(c, c.instance(), c.id(), PeerResult.CronChanged.class, context);
      case PeerCommand.CronRun c ->
          change(c, c.instance(), c.id(), PeerResult.CronChanged.class, context);
      case PeerCommand.InstanceRestart c ->
          change(c, c.instance(), "restart", PeerResult.InstanceRestarting.class, context);
      case PeerCommand.InstanceCall c ->
          change(c, c.instance(), c.method(), PeerResult.InstanceCalled.class, context);
    };
  }

  private <R extends PeerResult> R change(
      PeerCommand command,
      InstanceId instance,
      String subject,
      Class<R> result,
      CommandContext context) {
    R answer = peers.one(command, instance, result, context);
    LOG.atInfo()
        .addKeyValue(LogKeys.CORRELATION_ID, context.correlationId())
        .addKeyValue(LogKeys.TENANT, context.tenant())
        .addKeyValue("user", context.principal().user())
        .addKeyValue("instance", instance)
        .addKeyValue("subject", subject)
        .log("{} was done at an instance", command.getClass().getSimpleName());
    return answer;
  }

  private static <R extends PeerResult, I> List<I> items(
      Answers<R> answers, Function<R, List<I>> of) {
    return answers.all().stream().map(of).flatMap(List::stream).toList();
  }

  private static boolean partial(Answers<?> answers) {
    return !answers.failures().isEmpty();
  }
}
