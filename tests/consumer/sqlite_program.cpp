// What a program does that keeps orders in an SQLite file.
#include <stripe_return/fulfillment/sqlite_store.hpp>

int main() {
  namespace sr = stripe_return;
  sr::sqlite_store store("/");
  const auto order = store.find("A1");
  return !order && order.error().code == sr::error_code::store_unavailable ? 0 : 1;
}
