// What a program does that keeps orders in PostgreSQL.
#include <stripe_return/postgres/postgres_store.hpp>

int main() {
  namespace sr = stripe_return;
  sr::postgres_options options;
  options.conninfo = "host=/nowhere";
  sr::postgres_store store(options);
  const auto order = store.find("A1");
  return !order && order.error().code == sr::error_code::store_unavailable ? 0 : 1;
}
