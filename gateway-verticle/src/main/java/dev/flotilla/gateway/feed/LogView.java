package dev.flotilla.gateway.feed;

import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.Head;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What feeds read of the log.
public interface LogView {
  /// The tenant's head; begins the log where there is none.
  Future<Head> head(TenantId tenant);

  Future<Map<TenantId, Head>> heads(Collection<TenantId> tenants);

  Future<List<Event>> read(TenantId tenant, long after, long upTo, int limit);

  /// The same log, but every question ends within the limit. A database that falls silent without
  /// closing its connections would otherwise never be asked again.
  static LogView within(Duration limit, LogView log) {
    long ms = limit.toMillis();
    return new LogView() {
      @Override
      public Future<Head> head(TenantId tenant) {
        return log.head(tenant).timeout(ms, TimeUnit.MILLISECONDS);
      }

      @Override
      public Future<Map<TenantId, Head>> heads(Collection<TenantId> tenants) {
        return log.heads(tenants).timeout(ms, TimeUnit.MILLISECONDS);
      }

      @Override
      public Future<List<Event>> read(TenantId tenant, long after, long upTo, int limit) {
        return log.read(tenant, after, upTo, limit).timeout(ms, TimeUnit.MILLISECONDS);
      }
    };
  }

  static LogView of(EventLog log) {
    return new LogView() {
      @Override
      public Future<Head> head(TenantId tenant) {
        return log.head(tenant);
      }

      @Override
      public Future<Map<TenantId, Head>> heads(Collection<TenantId> tenants) {
        return log.heads(tenants);
      }

      @Override
      public Future<List<Event>> read(TenantId tenant, long after, long upTo, int limit) {
        return log.read(tenant, after, upTo, limit);
      }
    };
  }
}
