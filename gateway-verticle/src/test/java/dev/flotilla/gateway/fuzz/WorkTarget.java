package dev.flotilla.gateway.fuzz;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.Request;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.Unsubscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The work dialect.
final class WorkTarget implements Target {
  private static final List<FieldDescriptor> TYPED =
      WebSocketMessage.getDescriptor().getFields().stream()
          .filter(field -> field.getNumber() >= 100)
          .toList();
  private static final List<String> IDS = List.of("a", "project-1", "9".repeat(128));

  @Override
  public String name() {
    return "work";
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public boolean binary() {
    return true;
  }

  @Override
  public RawSocket open(Gateways gateways, String... headers) {
    return RawSocket.opened(
        gateways.port(), "/ws", Target.with(gateways.token(Gateways.ACME), headers));
  }

  @Override
  public Message valid(RandomGenerator random, int number) {
    return valid(random, "v" + number);
  }

  private static Message valid(RandomGenerator random, String id) {
    return message(
        switch (random.nextInt(4)) {
          case 0 -> subscribe(random);
          case 1 -> unsubscribe(random);
          case 2 -> typed(random);
          default -> request(random);
        },
        id);
  }

  /// One that the gateway itself refuses: what commands do is none of this test's business.
  private static WebSocketMessage.Builder request(RandomGenerator random) {
    return WebSocketMessage.newBuilder()
        .setRequest(
            random.nextBoolean()
                ? Request.newBuilder().setMethod("work_item.fly").setParams("{}")
                : Request.newBuilder().setMethod("project.list").setParams("["));
  }

  /// Any of the requests that have a message of their own, filled in at random.
  private static WebSocketMessage.Builder typed(RandomGenerator random) {
    WebSocketMessage.Builder message = WebSocketMessage.newBuilder();
    FieldDescriptor request = Values.pick(TYPED, random);
    com.google.protobuf.Message.Builder body = message.newBuilderForField(request);
    fill(body, random);
    return message.setField(request, body.build()).setIdempotencyKey("k" + random.nextLong());
  }

  private static void fill(com.google.protobuf.Message.Builder body, RandomGenerator random) {
    for (FieldDescriptor field : body.getDescriptorForType().getFields()) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      Object value = value(body, field, random);
      if (field.isRepeated()) {
        body.addRepeatedField(field, value);
      } else {
        body.setField(field, value);
      }
    }
  }

  private static Object value(
      com.google.protobuf.Message.Builder of, FieldDescriptor field, RandomGenerator random) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case DOUBLE -> Double.longBitsToDouble(random.nextLong());
      case BOOLEAN -> random.nextBoolean();
      case STRING -> random.nextBoolean() ? Values.pick(IDS, random) : "labels";
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(9));
      case MESSAGE -> {
        com.google.protobuf.Message.Builder inner = of.newBuilderForField(field);
        fill(inner, random);
        yield inner.build();
      }
      case FLOAT, BYTE_STRING -> throw new IllegalStateException(field.getFullName());
    };
  }

  private static WebSocketMessage.Builder subscribe(RandomGenerator random) {
    Subscribe.Builder subscribe =
        Subscribe.newBuilder()
            .addProjectIds(Values.pick(IDS, random))
            .addWorkItemIds(Values.pick(IDS, random))
            .setPresence(random.nextBoolean())
            .setBatches(random.nextBoolean());
    if (random.nextBoolean()) {
      subscribe.setSince(Position.newBuilder().setEpoch("other").setSeq(random.nextLong(1L << 53)));
    }
    return WebSocketMessage.newBuilder().setSubscribe(subscribe);
  }

  private static WebSocketMessage.Builder unsubscribe(RandomGenerator random) {
    return WebSocketMessage.newBuilder()
        .setUnsubscribe(Unsubscribe.newBuilder().addProjectIds(Values.pick(IDS, random)));
  }

  /// Its own messages with some bytes changed, cut off or added.
  @Override
  public byte[] hostile(RandomGenerator random, int number) {
    // Its name is first and long: whatever becomes of its end, it is not another's.
    byte[] bytes = valid(random, "h".repeat(20) + number).bytes().getBytes();
    int unnamed = bytes.length - 1;
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      bytes[unnamed - random.nextInt(Math.min(unnamed, 20))] = (byte) random.nextInt(256);
    }
    Buffer message = Buffer.buffer(bytes);
    if (random.nextBoolean()) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      message.appendBytes(noise);
    }
    return message.getBytes(0, random.nextInt(message.length() + 1));
  }

  @Override
  public Message probe(int number) {
    return message(
        WebSocketMessage.newBuilder().setUnsubscribe(Unsubscribe.getDefaultInstance()),
        "p" + number);
  }

  @Override
  public @Nullable String answered(byte[] payload) {
    WebSocketMessage message = read(payload);
    String id =
        switch (message.getPayloadCase()) {
          case SUBSCRIPTION_CONFIRMED -> message.getSubscriptionConfirmed().getRequestMessageId();
          case RESPONSE -> message.getResponse().getRequestMessageId();
          case ERROR_RESPONSE -> message.getErrorResponse().getRequestMessageId();
          default -> "";
        };
    return id.isEmpty() ? null : id;
  }

  @Override
  public boolean admitsABug(byte[] payload) {
    return read(payload).getErrorResponse().getReason().equals("INTERNAL");
  }

  private static WebSocketMessage read(byte[] payload) {
    try {
      return WebSocketMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException notOurs) {
      throw new IllegalStateException("the server has sent what is none of its messages", notOurs);
    }
  }

  private static Message message(WebSocketMessage.Builder message, String id) {
    return new Message(Buffer.buffer(message.setMessageId(id).build().toByteArray()), id);
  }
}
