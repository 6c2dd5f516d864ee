package dev.flotilla.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static long taken(TokenBucket bucket, long from, long to, long step) {
    return LongStream.iterate(from, at -> at - to < 0, at -> at + step)
        .filter(bucket::take)
        .count();
  }

  @Test
  void aFullBucketGivesItsBurstAtOnceAndNoMore() {
    TokenBucket bucket = new TokenBucket(20, 40, 0);
    assertThat(LongStream.range(0, 100).filter(_ -> bucket.take(0)).count()).isEqualTo(40);
  }

  @Test
  void overTimeItGivesItsRate() {
    TokenBucket bucket = new TokenBucket(20, 40, 0);
    assertThat(taken(bucket, 0, 10 * SECOND, SECOND / 1000)).isBetween(239L, 240L);
  }

  @Test
  void whoWaitsAsLongAsItSaysGetsAToken() {
    TokenBucket bucket = new TokenBucket(3, 1, 0);
    assertThat(bucket.take(0)).isTrue();
    long wait = bucket.waitNanos(0);
    assertThat(wait).isPositive();
    assertThat(bucket.take(wait - 1)).isFalse();
    assertThat(bucket.take(wait)).isTrue();
  }

  @Test
  void aRefusalCostsNothing() {
    TokenBucket bucket = new TokenBucket(1, 1, 0);
    bucket.take(0);
    assertThat(taken(bucket, 1, SECOND, SECOND / 50)).isZero();
    assertThat(bucket.take(SECOND)).isTrue();
  }

  @Test
  void itHoldsNoMoreThanItsBurstHoweverLongItRests() {
    TokenBucket bucket = new TokenBucket(20, 40, 0);
    long later = TimeUnit.DAYS.toNanos(100);
    assertThat(LongStream.range(0, 100).filter(_ -> bucket.take(later)).count()).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE - 5, Long.MIN_VALUE, -1})
  void theClockMayBeginAnywhereAndRunOver(long start) {
    TokenBucket bucket = new TokenBucket(20, 40, start);
    assertThat(taken(bucket, start, start + 10 * SECOND, SECOND / 1000)).isBetween(239L, 240L);
  }
}
