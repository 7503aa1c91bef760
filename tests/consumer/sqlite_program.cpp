// What a program does that keeps orders in an SQLite file.
#include <stripe_return/sqlite/sqlite_store.hpp>

int main() {
  namespace sr = stripe_return;
  sr::sqlite_store store("/");
  const auto row = store.find("A1");
  return !row && row.error().code == sr::error_code::store_unavailable ? 0 : 1;
}
