/** The programs that the lab runs in its guests. Each tells its story on standard output, a line at a time. */
package walsafe.lab.inside;
