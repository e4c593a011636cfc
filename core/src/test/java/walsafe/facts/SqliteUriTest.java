package walsafe.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of sqlite.org/uri.html, section 3.1 and after, and the corners of sqlite3ParseUri. */
final class SqliteUriTest {
    @ParameterizedTest
    @CsvSource({
        "file:data.db,                              data.db",
        "file:/home/fred/data.db,                   /home/fred/data.db",
        "file:///home/fred/data.db,                 /home/fred/data.db",
        "file://localhost/home/fred/data.db,        /home/fred/data.db",
        "file:///C:/Documents%20and%20Settings/a.db, /C:/Documents and Settings/a.db",
        "file:data.db?mode=ro&cache=private,        data.db",
        "file:data.db#mode=ro,                      data.db",
        "file:k%C3%BChe.db,                         kühe.db",
        "file:100%25.db,                            100%.db",
        "file:a%zz.db,                              a%zz.db",
        "file:a%2,                                  a%2",
        "file:a%00b.db,                             a",
        "file:a%3Fb.db,                             a?b.db",
        "file:a+b.db,                               a+b.db",
    })
    void pathIsDecodedAsSqliteDecodesIt(String uri, String path) {
        assertThat(SqliteUri.parse(uri).path()).isEqualTo(path);
    }

    @Test
    void parametersAreDecodedAndKeepTheirOrder() {
        SqliteUri uri = SqliteUri.parse("file:a.db?vfs=unix-dotfile&mode=r%6F&=nameless&flag&empty=#?not=this");

        assertThat(uri.parameters()).isEqualTo(List.of("vfs=unix-dotfile", "mode=ro", "flag=", "empty="));
    }

    @ParameterizedTest
    @CsvSource({
        "file::memory:,              true",
        "file::memory:?cache=shared, true",
        "file:shop?mode=memory,      true",
        "file:/shop?vfs=memdb,       true",
        "file:,                      true",
        "file:?mode=ro,              true",
        "file:shop.db?mode=ro,       false",
        "file:mode=memory,           false",
    })
    void memoryIsTold(String uri, boolean memory) {
        assertThat(SqliteUri.parse(uri).inMemory()).isEqualTo(memory);
    }

    @Test
    void anotherHostIsTold() {
        assertThat(SqliteUri.parse("file://nas/shop.db").namesAnotherHost()).isTrue();
        assertThat(SqliteUri.parse("file://localhost/shop.db").namesAnotherHost())
                .isFalse();
        assertThat(SqliteUri.parse("file:///shop.db").namesAnotherHost()).isFalse();
    }

    @Test
    void onlyLowerCaseFileIsAUri() {
        assertThat(SqliteUri.looksLike("file:a.db")).isTrue();
        assertThat(SqliteUri.looksLike("FILE:a.db")).isFalse();
        assertThat(SqliteUri.looksLike("./file:a.db")).isFalse();
    }
}
