#include "store_place.hpp"

#include "postgres/postgres_server.hpp"

#include <stripe_return/postgres/postgres_store.hpp>

namespace {

class postgres_place final : public store_place {
public:
  std::unique_ptr<stripe_return::order_store> open() override {
    stripe_return::postgres_options options;
    options.conninfo = database_.conninfo();
    return std::make_unique<stripe_return::postgres_store>(options);
  }

private:
  const test_database database_;
};

std::unique_ptr<store_place> in_postgres() {
  return std::make_unique<postgres_place>();
}

} // namespace

STRIPE_RETURN_ON_THE_STORE(Postgres, in_postgres);
