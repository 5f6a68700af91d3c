#include <sqlite3.h>

// `sqlite3_config` takes a variable number of arguments, which Swift can't call.
static inline int csqlite_config_memstatus(int enabled) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, enabled);
}
