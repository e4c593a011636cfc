package walsafe.facts;

/**
 * One of SQLite's locks, named as SQLite names it.
 *
 * <table>
 * <caption>Bytes (os.h PENDING_BYTE; wal.html, walformat.html section 2.3)</caption>
 * <tr><td>database</td><td>0x40000000</td><td>PENDING</td></tr>
 * <tr><td>database</td><td>0x40000001</td><td>RESERVED</td></tr>
 * <tr><td>database</td><td>0x40000002, 510 bytes</td><td>SHARED if read-locked, EXCLUSIVE if write-locked</td></tr>
 * <tr><td>-shm</td><td>120</td><td>WRITE</td></tr>
 * <tr><td>-shm</td><td>121</td><td>CKPT</td></tr>
 * <tr><td>-shm</td><td>122</td><td>RECOVER</td></tr>
 * <tr><td>-shm</td><td>123 to 127</td><td>READ 0 to READ 4</td></tr>
 * <tr><td>-shm</td><td>128</td><td>DMS</td></tr>
 * </table>
 *
 * @param file which file it lies on
 * @param name in SQLite's words: {@code SHARED}, {@code RESERVED}, {@code READ 1}; {@code bytes 5-9} for a lock that is
 *     none of SQLite's
 * @param write is it a write lock
 * @param firstByte offset of its first byte
 * @param lastByte offset of its last byte; {@link Long#MAX_VALUE} for "to the end of the file"
 */
public record SqliteLock(DatabasePart file, String name, boolean write, long firstByte, long lastByte) {}
