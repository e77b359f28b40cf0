#pragma once

#include <sqlite3.h>

// Only what Swift cannot import: variadic functions and macros that cast.

/// Switches off the process-wide memory counters, which cost a lock on every allocation.
/// Must run before the library is initialised.
static inline int csqlite_disable_memory_counters(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// Refuses SQL that could damage the file behind SQLite's back (writable_schema and its kin).
static inline int csqlite_enable_defensive(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

/// Binds text that SQLite copies before the call returns.
static inline int csqlite_bind_text_copied(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, index, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds text that the caller keeps in place until the binding is cleared.
static inline int csqlite_bind_text_kept(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, index, text, length, SQLITE_STATIC, SQLITE_UTF8);
}

/// Binds bytes that SQLite copies before the call returns.
static inline int csqlite_bind_blob_copied(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 length) {
    return sqlite3_bind_blob64(statement, index, bytes, length, SQLITE_TRANSIENT);
}
