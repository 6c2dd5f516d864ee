package dev.flotilla.fleet.bench.wire.load;

/// How one delivery looks in what a subscriber receives.
///
/// @param length of the record in bytes
/// @param numberAt where in the record the number of the message begins
/// @param perMessage true where each WebSocket message is one record; false where records follow
///     each other through the payloads and know nothing of frames
/// @param first the byte that a record begins with; where records are no messages, what begins with
///     another one is a line that is none
public record RecordShape(int length, int numberAt, boolean perMessage, byte first) {
  /// Numbers have the same length always, so that records have, too.
  public static final int DIGITS = 10;

  /// Each message is a record, of any length, and has no number.
  public static final RecordShape ANY_MESSAGE =
      new RecordShape(0, Integer.MAX_VALUE / 2, true, (byte) 0);

  /// The shape of a record that has been received.
  ///
  /// @param mark the text right before the number
  public static RecordShape of(String record, String mark, boolean perMessage) {
    int found = record.indexOf(mark);
    if (found < 0) {
      throw new IllegalArgumentException("no number in what a subscriber received: " + record);
    }
    return new RecordShape(
        record.length(), found + mark.length(), perMessage, (byte) record.charAt(0));
  }
}
