package dev.flotilla.command.retention;

import dev.flotilla.contract.Kept;

/// How old rows of a kind are removed: one statement for one batch of one tenant. `$1` is the
/// tenant, `$2` the instant before which all is old, `$3` the size of the batch; it answers how
/// many rows `removed` of how many it `found`, and there are more where it found a whole batch.
final class Removal {
  // The log stays without holes: only its beginning goes, so that what is missing is known to be.
  private static final String ACTIVITY =
      """
      with oldest as (
        select seq, at from activity where tenant = $1 order by seq limit $3
      ), gone as (
        delete from activity where tenant = $1 and seq in (
          select seq from oldest
          where seq < coalesce((select min(seq) from oldest where at >= $2), 9223372036854775807))
        returning seq
      ), moved as (
        update tenant_log set floor = greatest(floor, (select max(seq) from gone))
        where tenant = $1 and exists (select from gone)
      )
      select count(*) as removed, count(*) as found from gone
      """;

  // What is needed by tasks that still wait has ended for them, too, and its row may go.
  private static final String TASKS =
      """
      with old as (
        select id from tasks
        where tenant = $1 and finished_at < $2 and session is null
          and state in ('succeeded', 'cancelled', 'expired')
        order by ordinal limit $3 for update skip locked
      ), gone as (
        delete from tasks where id in (select id from old) returning id
      )
      select count(*) as removed, count(*) as found from gone
      """;

  private static final String DEAD_LETTERS =
      """
      with old as (
        select id from tasks
        where tenant = $1 and finished_at < $2 and session is null and state in ('failed', 'dead')
        order by ordinal limit $3 for update skip locked
      ), gone as (
        delete from tasks where id in (select id from old) returning id
      )
      select count(*) as removed, count(*) as found from gone
      """;

  // Its messages first; a conversation goes, with where it was held, once it has none.
  private static final String THREADS =
      """
      with old as (
        select id from threads where tenant = $1 and touched_at < $2
          and not exists (select from tasks where tenant = $1 and session = threads.id
            and finished_at is null)
        order by touched_at limit 1 for update skip locked
      ), messages as (
        select task.id from old join tasks as task on task.tenant = $1 and task.session = old.id
        order by task.ordinal limit $3
      ), gone as (
        delete from tasks where id in (select id from messages) returning id
      ), empty as (
        select id from old where (select count(*) from messages) < $3
      ), homeless as (
        delete from session_homes where tenant = $1 and session in (select id from empty)
      ), forgotten as (
        delete from threads where tenant = $1 and id in (select id from empty)
      )
      select (select count(*) from gone) as removed,
        case when exists (select from old) then $3 else 0 end as found
      """;

  private static final String AUDIT =
      """
      with old as (
        select id from audit_log where tenant = $1 and at < $2
        order by id limit $3 for update skip locked
      ), gone as (
        delete from audit_log where id in (select id from old) returning id
      )
      select count(*) as removed, count(*) as found from gone
      """;

  private Removal() {}

  static String of(Kept kind) {
    return switch (kind) {
      case ACTIVITY -> ACTIVITY;
      case TASKS -> TASKS;
      case DEAD_LETTERS -> DEAD_LETTERS;
      case THREADS -> THREADS;
      case AUDIT -> AUDIT;
    };
  }
}
