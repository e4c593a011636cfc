import java.nio.file.Path;
import walsafe.SafeDatabase;
import walsafe.Walsafe;

class Shop {
    public static void main(String[] arguments) throws Exception {
        try (SafeDatabase db = Walsafe.open(Path.of("shop.db"))) {
            db.write(c -> c.createStatement().execute("CREATE TABLE IF NOT EXISTS sale(item)"));
            db.write(c -> c.createStatement().executeUpdate("INSERT INTO sale VALUES ('tea')"));
            int sales = db.read(c -> c.createStatement().executeQuery("SELECT count(*) FROM sale").getInt(1));
            System.out.println(sales + " sold, in " + db.plan().mode());
        }
    }
}
