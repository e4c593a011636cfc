package walsafe.format;

import java.io.IOException;
import java.util.Arrays;

/** Pages as they lie in a file, one after the other. */
record FilePages(ByteSource file, Geometry geometry) implements PageSource {
    @Override
    public long pages() throws IOException {
        return geometry.pagesIn(file.sizeBytes());
    }

    @Override
    public boolean read(long page, byte[] into, int at) throws IOException {
        if (page < 1) return false;
        int had = file.read(geometry.offsetOf(page), into, at, geometry.pageSizeBytes());
        if (had == 0) return false;
        Arrays.fill(into, at + had, at + geometry.pageSizeBytes(), (byte) 0);
        return true;
    }
}
