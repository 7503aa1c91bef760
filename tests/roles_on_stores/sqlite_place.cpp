#include "store_place.hpp"

#include "unit/sqlite/order_file.hpp"

namespace {

class sqlite_place final : public store_place {
public:
  std::unique_ptr<stripe_return::order_store> open() override { return file_.open(); }

private:
  const order_file file_;
};

std::unique_ptr<store_place> in_sqlite() {
  return std::make_unique<sqlite_place>();
}

} // namespace

STRIPE_RETURN_ON_THE_STORE(Sqlite, in_sqlite);
