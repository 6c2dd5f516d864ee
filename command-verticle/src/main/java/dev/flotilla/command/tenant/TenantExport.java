package dev.flotilla.command.tenant;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.TenantCommand;
import dev.flotilla.contract.TenantResult.TenantExported;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads what a tenant owns, table after table. A page is bounded in rows and bytes; what is
/// written meanwhile may be in it or not.
public record TenantExport(TenantStore tenants) {
  private static final int PAGE = 100;
  private static final int MOST_BYTES = 500_000;
  private static final String BAD_DATA = "22";

  /// Where a page ended.
  ///
  /// @param after the key of the last row that was read; null before the first
  record Place(String table, @Nullable RawJson after) {
    static Place parse(@Nullable String cursor) {
      if (cursor == null) {
        return new Place(OwnedTable.allExported().getFirst().table(), null);
      }
      try {
        byte[] json = Base64.getUrlDecoder().decode(cursor);
        return Json.MAPPER.readValue(json, Place.class);
      } catch (IllegalArgumentException | IOException unreadable) {
        throw unknown();
      }
    }

    String text() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Json.text(this).getBytes(StandardCharsets.UTF_8));
    }
  }

  TenantExported page(TenantCommand.TenantExport asked, CommandContext context) {
    if (tenants.find(context.sql(), asked.id()).isEmpty()) {
      throw Fault.notFound("tenant", asked.id().value()).asException();
    }
    int limit = Objects.requireNonNullElse(asked.limit(), PAGE);
    Place place = Place.parse(asked.cursor());
    List<OwnedTable> tables = OwnedTable.allExported();
    OwnedTable first = OwnedTable.named(place.table()).orElseThrow(TenantExport::unknown);
    RawJson after = place.after();
    for (OwnedTable table : tables.subList(tables.indexOf(first), tables.size())) {
      List<RawJson> items = new ArrayList<>();
      RawJson last = after;
      for (Row row : read(asked, context, table, after, limit)) {
        items.add(new RawJson(row.getString("row")));
        last = new RawJson(row.getString("key"));
      }
      if (!items.isEmpty()) {
        return new TenantExported(items, new Place(table.table(), last).text());
      }
      after = null;
    }
    return new TenantExported(List.of(), null);
  }

  private static RowSet<Row> read(
      TenantCommand.TenantExport asked,
      CommandContext context,
      OwnedTable table,
      @Nullable RawJson after,
      int limit) {
    try {
      return context
          .sql()
          .run(
              table.page(),
              asked.id().value(),
              after == null ? null : after.text(),
              limit,
              (long) MOST_BYTES);
    } catch (RuntimeException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      if (cause instanceof PgException bad && isBadData(bad)) {
        throw unknown();
      }
      throw failure;
    }
  }

  /// Keys that the column's type does not have: nobody was given such a cursor.
  private static boolean isBadData(PgException failure) {
    return String.valueOf(failure.getSqlState()).startsWith(BAD_DATA);
  }

  private static FaultException unknown() {
    return Fault.invalid("cursor", "cursor is not one of this fleet.").asException();
  }
}
