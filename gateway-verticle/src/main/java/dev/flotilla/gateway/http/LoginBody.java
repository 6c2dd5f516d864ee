package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a login says. It is read leniently, since old clients call the user by several names, and
/// refused without a word of what was in it.
///
/// @param cookie true where the tokens are to be kept in cookies
record LoginBody(TenantId tenant, String name, String password, boolean cookie) {
  private static final List<String> NAMES = List.of("username", "user", "email");
  private static final int LONGEST = 256;

  static LoginBody of(ObjectNode body, TenantId standard) {
    String named = NAMES.stream().filter(body::has).findFirst().orElse(NAMES.getFirst());
    String name = text(body, named);
    String password = text(body, "password");
    if (name == null || name.isEmpty()) {
      throw Fault.invalid(named, named + " is needed.").asException();
    }
    if (password == null || password.isEmpty()) {
      throw Fault.invalid("password", "password is needed.").asException();
    }
    String tenant = text(body, "tenant");
    if (tenant != null && !Ids.isValid(tenant)) {
      throw Fault.invalid("tenant", "tenant is not a tenant's id.").asException();
    }
    return new LoginBody(
        tenant == null ? standard : new TenantId(tenant), name, password, flag(body));
  }

  static @Nullable String text(ObjectNode body, String field) {
    JsonNode value = body.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual() || value.textValue().length() > LONGEST) {
      throw Fault.invalid(field, field + " is a text of at most " + LONGEST + " characters.")
          .asException();
    }
    return value.textValue();
  }

  private static boolean flag(ObjectNode body) {
    JsonNode value = body.get("cookie");
    if (value != null && !value.isBoolean()) {
      throw Fault.invalid("cookie", "cookie is true or false.").asException();
    }
    return value != null && value.booleanValue();
  }

  @Override
  public String toString() {
    return "LoginBody[]";
  }
}
