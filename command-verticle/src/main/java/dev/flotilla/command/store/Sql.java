package dev.flotilla.command.store;

import dev.flotilla.store.StoreFaults;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Statements on a connection or on the pool, none of them waited for beyond the deadline.
public record Sql(SqlClient client, Deadline deadline) {
  public RowSet<Row> run(String statement, @Nullable Object... arguments) {
    return await(send(statement, arguments));
  }

  /// Sends without waiting, so that several statements share one round trip.
  public Future<RowSet<Row>> send(String statement, @Nullable Object... arguments) {
    return client.preparedQuery(statement).execute(Tuple.tuple(Arrays.asList(arguments)));
  }

  public <T> T await(Future<T> sent) {
    return deadline.await(sent, StoreFaults.POSTGRES);
  }
}
