package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.work.v1.WorkProto.BatchUpdate;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever bytes come, the decoder answers with a frame, and what it accepts keeps the limits.
class HostileBytesTest {
  private static final int MESSAGES = 5_000;
  private static final int SOFT_LIMIT = 65_536;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noiseIsAnswered(long seed) {
    RandomGenerator random = random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      answer(noise, seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void brokenMessagesAreAnswered(long seed) {
    RandomGenerator random = random(seed);
    List<byte[]> whole =
        Examples.names().stream().map(name -> Examples.work(name).toByteArray()).toList();
    int accepted = 0;
    for (int i = 0; i < MESSAGES; i++) {
      byte[] bytes = whole.get(random.nextInt(whole.size()));
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        bytes = mutate(bytes, whole, random);
      }
      accepted += answer(bytes, seed) instanceof WorkFrame.Malformed ? 0 : 1;
    }
    assertThat(accepted).isBetween(MESSAGES / 50, MESSAGES / 2);
  }

  @Test
  void deepNestingIsAnswered() throws IOException {
    byte[] inner = new byte[0];
    while (inner.length < SOFT_LIMIT - 16) {
      inner =
          wrapped(
              WebSocketMessage.BATCH_UPDATE_FIELD_NUMBER,
              wrapped(BatchUpdate.MESSAGES_FIELD_NUMBER, inner));
    }
    assertThat(answer(inner, 0)).isInstanceOf(WorkFrame.Malformed.class);
    byte[] groups = new byte[SOFT_LIMIT];
    Arrays.fill(groups, (byte) (1 << 3 | WireFormat.WIRETYPE_START_GROUP));
    assertThat(answer(groups, 0)).isInstanceOf(WorkFrame.Malformed.class);
  }

  @Test
  void aMessageThatPromisesMoreThanItBringsIsAnswered() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeTag(WebSocketMessage.SUBSCRIBE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(Integer.MAX_VALUE);
    out.flush();
    assertThat(answer(bytes.toByteArray(), 0)).isInstanceOf(WorkFrame.Malformed.class);
    assertThat(answer(new byte[] {82, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, 0))
        .isInstanceOf(WorkFrame.Malformed.class);
  }

  @Test
  void manyTinyThingsAreRefusedByTheirNumber() throws IOException {
    byte[] ids = new byte[SOFT_LIMIT - 16]; // Field 1, length 0: an empty id, and the next.
    for (int i = 0; i < ids.length; i += 2) {
      ids[i] = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }
    assertThat(answer(wrapped(WebSocketMessage.SUBSCRIBE_FIELD_NUMBER, ids), 0))
        .isInstanceOfSatisfying(
            WorkFrame.Malformed.class,
            malformed -> assertThat(malformed.fault().field()).isEqualTo("project_ids"));
    assertThat(answer(wrapped(WebSocketMessage.BATCH_UPDATE_FIELD_NUMBER, ids), 0))
        .isInstanceOf(WorkFrame.Malformed.class);
  }

  private static WorkFrame answer(byte[] bytes, long seed) {
    try {
      WorkFrame frame = WorkDecoder.decode(bytes);
      assertThat(frame.id()).matches("[!-~]{0,128}");
      switch (frame) {
        case WorkFrame.Malformed(_, var fault) -> {
          assertThat(fault.code()).isEqualTo(FaultCode.VALIDATION_ERROR);
          assertThat(fault.message()).isNotEmpty().hasSizeLessThan(300);
        }
        case WorkFrame.Subscribe(_, var topics, var since, _) -> {
          assertTopics(topics);
          if (since != null) {
            assertThat(since.epoch()).matches("[!-~]{1,128}");
            assertThat(since.seq()).isBetween(0L, WorkDecoder.MAX_SEQ);
          }
        }
        case WorkFrame.Unsubscribe(_, var topics) -> assertTopics(topics);
        case WorkFrame.AuthRefresh(_, var token) ->
            assertThat(token.reveal()).hasSizeBetween(1, WorkDecoder.MAX_TOKEN);
        case WorkFrame.Request request -> {
          assertThat(request.method()).matches("[!-~]{1,128}");
          assertThat(Objects.requireNonNullElse(request.idempotencyKey(), "k"))
              .matches("[!-~]{1,128}");
        }
        case WorkFrame.Ping _ -> {}
      }
      return frame;
    } catch (RuntimeException | Error thrown) {
      throw new AssertionError("seed " + seed + ": " + Arrays.toString(bytes), thrown);
    }
  }

  private static void assertTopics(Set<Topic> topics) {
    assertThat(topics).hasSizeLessThanOrEqualTo(3 * WorkDecoder.MAX_IDS + 1);
    topics.forEach(topic -> assertThat(Topic.parse(topic.name())).isEqualTo(topic));
  }

  private static byte[] mutate(byte[] bytes, List<byte[]> others, RandomGenerator random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> { // Another byte.
        byte[] changed = bytes.clone();
        changed[at] = (byte) random.nextInt(256);
        yield changed;
      }
      case 1 -> { // Another bit.
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << random.nextInt(8));
        yield changed;
      }
      case 2 -> Arrays.copyOf(bytes, at); // Cut off.
      case 3 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at / 2, bytes.length));
      default -> joined(bytes, others.get(random.nextInt(others.size()))); // Both in one.
    };
  }

  private static byte[] joined(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  private static byte[] wrapped(int field, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(field, content);
    out.flush();
    return bytes.toByteArray();
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
