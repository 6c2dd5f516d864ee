package dev.flotilla.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.wire.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTest {
  private static final Frame FIRST = Frame.ofText("first");
  private static final Frame SECOND = Frame.ofText("second");
  private static final Frame THIRD = Frame.ofText("third");

  private final List<ByteBuf> made = new ArrayList<>();

  @Test
  void theSameMessagesInTheSameOrderAreOneBuffer() {
    Run start = Run.start();
    ByteBuf one = buffer(start.then(FIRST).then(SECOND));
    ByteBuf other = buffer(start.then(FIRST).then(SECOND));
    assertThat(made).hasSize(1);
    assertThat(one).isEqualTo(other).isNotSameAs(other);
    assertThat(one.readableBytes()).isEqualTo(FIRST.size() + SECOND.size());
    other.skipBytes(3);
    assertThat(one.readerIndex()).isZero();
  }

  @Test
  void whoIsSentSomethingElseInBetweenGetsWhatIsItsOwn() {
    Run start = Run.start();
    Run mine = start.then(FIRST).then(THIRD).then(SECOND);
    Run others = start.then(FIRST).then(SECOND);
    assertThat(buffer(mine)).isEqualTo(bytes(FIRST, THIRD, SECOND));
    assertThat(buffer(others)).isEqualTo(bytes(FIRST, SECOND));
    assertThat(buffer(start.then(SECOND).then(FIRST))).isEqualTo(bytes(SECOND, FIRST));
    assertThat(mine.messages()).isEqualTo(3);
    assertThat(mine.bytes()).isEqualTo(FIRST.size() + SECOND.size() + THIRD.size());
  }

  @Test
  void theBytesLiveUntilTheLastConnectionHasSentThem() {
    Run run = Run.start().then(FIRST);
    ByteBuf one = buffer(run);
    ByteBuf other = buffer(run);
    made.forEach(ByteBuf::release);
    one.release();
    assertThat(other.refCnt()).isPositive();
    other.release();
    assertThat(other.refCnt()).isZero();
  }

  @Test
  void aRunEndsBeforeItIsTooLongButTakesAnyMessageAlone() {
    Frame large = Frame.binary(new byte[Run.MAX_BYTES + 1]);
    assertThat(Run.start().takes(large.size())).isTrue();
    assertThat(Run.start().then(large).takes(1)).isFalse();
    Run nearly = Run.start().then(Frame.binary(new byte[Run.MAX_BYTES - 100]));
    assertThat(nearly.takes(10)).isTrue();
    assertThat(nearly.takes(100)).isFalse();
  }

  private ByteBuf buffer(Run run) {
    return run.buffer(UnpooledByteBufAllocator.DEFAULT, made::add);
  }

  private static ByteBuf bytes(Frame... frames) {
    ByteBuf all = UnpooledByteBufAllocator.DEFAULT.buffer();
    for (Frame frame : frames) {
      frame.writeTo(all);
    }
    return all;
  }
}
