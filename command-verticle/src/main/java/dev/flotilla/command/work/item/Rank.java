package dev.flotilla.command.work.item;

import org.jspecify.annotations.Nullable;

/// A text between two others, so that a thing finds its place among its siblings and none of them
/// is touched. Texts are compared by their bytes.
///
/// A rank is a whole number, whose first letter says how long it is, and a fraction: appending
/// counts the number up and stays short; only what comes between two neighbours grows.
public final class Rank {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int BASE = DIGITS.length();
  private static final char LOWEST = '0';
  private static final char HIGHEST = 'z';
  private static final String FIRST = "a0";
  private static final String SMALLEST = "A" + "0".repeat(26);

  private Rank() {}

  /// @param before null for the very beginning
  /// @param after null for the very end; greater than `before`
  public static String between(@Nullable String before, @Nullable String after) {
    if (before != null && after != null && before.compareTo(after) >= 0) {
      throw new IllegalArgumentException(before + " is not before " + after);
    }
    if (before == null) {
      return after == null ? FIRST : first(after);
    }
    String number = number(before);
    String fraction = before.substring(number.length());
    if (after != null && number.equals(number(after))) {
      return number + middle(fraction, after.substring(number.length()));
    }
    String next = up(number);
    if (next != null && (after == null || next.compareTo(after) < 0)) {
      return next;
    }
    return number + middle(fraction, null);
  }

  /// Whether it is a text that [#between] could have made.
  public static boolean isRank(String text) {
    boolean digits = text.chars().allMatch(digit -> DIGITS.indexOf(digit) >= 0);
    if (!digits || text.isEmpty() || text.charAt(0) < 'A') {
      return false;
    }
    int whole = text.charAt(0) >= 'a' ? text.charAt(0) - 'a' + 2 : 'Z' - text.charAt(0) + 2;
    boolean fraction = text.length() > whole;
    return text.length() >= whole
        && !(fraction && text.charAt(text.length() - 1) == LOWEST)
        && !text.equals(SMALLEST);
  }

  private static String first(String after) {
    String number = number(after);
    String fraction = after.substring(number.length());
    if (number.equals(SMALLEST)) {
      return number + middle("", fraction);
    }
    return fraction.isEmpty() ? down(number) : number;
  }

  /// `a` to `z` say one to 26 digits above zero, `Z` to `A` as many below it.
  private static String number(String rank) {
    char head = rank.charAt(0);
    int length = head >= 'a' ? head - 'a' + 2 : 'Z' - head + 2;
    return rank.substring(0, length);
  }

  private static @Nullable String up(String number) {
    char[] digits = number.toCharArray();
    for (int i = digits.length - 1; i > 0; i--) {
      if (digits[i] != HIGHEST) {
        digits[i] = DIGITS.charAt(DIGITS.indexOf(digits[i]) + 1);
        return new String(digits);
      }
      digits[i] = LOWEST;
    }
    char head = digits[0];
    if (head == 'z') {
      return null;
    }
    return head == 'Z' ? FIRST : (char) (head + 1) + zeros(lengthAfter(head));
  }

  private static int lengthAfter(char head) {
    return head >= 'a' ? head - 'a' + 2 : 'Z' - head;
  }

  private static String zeros(int count) {
    return String.valueOf(LOWEST).repeat(count);
  }

  private static String down(String number) {
    char[] digits = number.toCharArray();
    for (int i = digits.length - 1; i > 0; i--) {
      if (digits[i] != LOWEST) {
        digits[i] = DIGITS.charAt(DIGITS.indexOf(digits[i]) - 1);
        return new String(digits);
      }
      digits[i] = HIGHEST;
    }
    char head = digits[0];
    if (head == 'a') {
      return "Z" + HIGHEST;
    }
    int length = head > 'a' ? head - 'a' : 'Z' - head + 2;
    return (char) (head - 1) + String.valueOf(HIGHEST).repeat(length);
  }

  /// A fraction between two, neither of which ends with a zero. `after` null is one.
  private static String middle(String before, @Nullable String after) {
    StringBuilder out = new StringBuilder();
    String upper = after;
    for (int i = 0; ; i++) {
      int low = i < before.length() ? DIGITS.indexOf(before.charAt(i)) : 0;
      int high = upper != null && i < upper.length() ? DIGITS.indexOf(upper.charAt(i)) : BASE;
      if (upper != null && low == high) {
        out.append(DIGITS.charAt(low));
        continue;
      }
      if (high - low > 1) {
        return out.append(DIGITS.charAt((low + high) / 2)).toString();
      }
      if (upper != null && i + 1 < upper.length()) {
        return out.append(DIGITS.charAt(high)).toString();
      }
      out.append(DIGITS.charAt(low));
      upper = null;
    }
  }
}
