package io.longwire.e2e.uplink;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Each kind of wrong is seen, and nothing that is right is called wrong. */
class UplinkBooksTest {
    private final UplinkBooks books = new UplinkBooks();

    @Test
    void findsNothingWhereEachCameAtLeastOnceUnderOneId() {
        said("a");
        said("b");
        books.delivered("one", "1", "a");
        books.delivered("one", "1", "a");
        books.finished("one", "1");
        books.delivered("one", "2", "b");
        books.delivered("two", "2", "b");
        books.delivered("two", "1", "a");

        assertThat(books.verdict()).isEmpty();
        assertThat(books.missing("one")).isZero();
        assertThat(books.durable()).isEqualTo(2);
    }

    @Test
    void seesWhatOneChannelLost() {
        said("a");
        books.delivered("one", "1", "a");
        books.allFinished("two");

        assertThat(books.missing("two")).isEqualTo(1);
        assertThat(books.verdict()).containsExactly("two: a was lost");
    }

    @Test
    void seesWhatWasKeptTwice() {
        said("a");
        books.delivered("one", "1", "a");
        books.delivered("one", "2", "a");

        assertThat(books.verdict()).containsExactly("one: a was kept twice, 1 and 2");
    }

    @Test
    void seesWhatComesAgainThoughItWasFinished() {
        said("a");
        books.delivered("one", "1", "a");
        books.finished("one", "1");
        books.delivered("one", "1", "a");
        books.delivered("two", "1", "a");
        books.allFinished("two");
        books.delivered("two", "1", "a");

        assertThat(books.verdict()).containsExactly("one: a came again though it was finished, 1",
                "two: a came again though it was finished, 1");
    }

    @Test
    void seesWhatNobodySaidAndWhatWasNotTaken() {
        books.sent("no");
        books.notTaken("no");
        books.delivered("one", "1", "no");
        books.delivered("one", "2", "who?");

        assertThat(books.verdict()).containsExactlyInAnyOrder(
                "one: no came though its phone was told that it was not taken", "one: who? came and nobody said it");
    }

    @Test
    void whatAPhoneWasNotToldOfMayComeOrNot() {
        books.sent("a");
        books.sent("b");
        books.delivered("one", "1", "a");

        assertThat(books.verdict()).isEmpty();
        assertThat(books.unsettled()).isEqualTo(2);
    }

    private void said(String text) {
        books.sent(text);
        books.durable(text);
    }
}
