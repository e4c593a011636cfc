package walsafe.facts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstBytesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "** This file contains an SQLite 2.1 database ** | a database of SQLite 2",
                "version https://git-lfs.github.com/spec/v1      | a Git LFS pointer: the file itself was not fetched",
                "%PDF-1.7                                         | a PDF document",
                "-- dumped                                        | a text file that begins like a SQL dump",
                "PRAGMA foreign_keys=OFF;                         | a text file that begins like a SQL dump",
                "create table t(x);                               | a text file that begins like a SQL dump",
                "{\"a\": 1}                                       | a text file that begins like JSON",
                "<!DOCTYPE html><html>                            | an HTML page",
                "<?xml version='1.0'?>                            | an XML document",
                "#!/bin/sh                                        | a script",
                "Grüße                                            | a text file",
                "12345678DUCK                                     | a DuckDB database",
                "H:2,block:4                                      | an H2 database"
            })
    void textsAndMagicsAreRecognised(String content, String words) {
        assertThat(look(content.getBytes(UTF_8))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "89504e470d0a1a0a0000 | a PNG image",
                "ffd8ffe000104a464946 | a JPEG image",
                "7f454c46020101000000 | an ELF program or library",
                "28b52ffd000000000000 | a zstd archive",
                "fd377a585a0000000000 | an xz archive",
                "377f06820000000001e0 | the -wal of a SQLite database",
                "d9d505f920a163d70000 | the rollback journal of a SQLite database",
                "000000000000         | nothing but zero bytes"
            })
    void binaryMagicsAreRecognised(String hex, String words) {
        assertThat(look(java.util.HexFormat.of().parseHex(hex))).isEqualTo(words);
    }

    @Test
    void archivesAreNotTakenForEncrypted() throws Exception {
        assertThat(look(packed(true))).isEqualTo("a gzip archive");
        assertThat(look(packed(false))).isEqualTo("a zip archive");
    }

    @Test
    void aTextCutInTheMiddleOfACharacterIsStillText() {
        byte[] text = "ü".repeat(3000).getBytes(UTF_8);

        assertThat(new FirstBytes(java.util.Arrays.copyOf(text, 4095), 6000).lookLike())
                .contains("a text file");
    }

    @Test
    void evenBytesThatAreNotRandomAreNotEncrypted() {
        byte[] english =
                "the quick brown fox jumps over the lazy dog. ".repeat(100).getBytes(ISO_8859_1);

        assertThat(new FirstBytes(java.util.Arrays.copyOf(english, 4096), 8192).mayBeEncrypted())
                .isFalse();
    }

    private static byte[] packed(boolean gzip) throws Exception {
        byte[] random = new byte[8000];
        new Random(1).nextBytes(random);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : new ZipOutputStream(bytes)) {
            if (out instanceof ZipOutputStream zip) zip.putNextEntry(new ZipEntry("a"));
            out.write(random);
        }
        return java.util.Arrays.copyOf(bytes.toByteArray(), 4096);
    }

    private static String look(byte[] bytes) {
        return new FirstBytes(bytes, bytes.length).lookLike().orElse("nothing");
    }
}
