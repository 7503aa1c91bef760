#include "store_place.hpp"

#include "unit/orders/forwarding_store.hpp"

#include <stripe_return/orders/memory_store.hpp>

namespace {

class memory_place final : public store_place {
public:
  std::unique_ptr<stripe_return::order_store> open() override {
    return std::make_unique<forwarding_store>(kept_);
  }

private:
  stripe_return::memory_store kept_;
};

std::unique_ptr<store_place> in_memory() {
  return std::make_unique<memory_place>();
}

} // namespace

STRIPE_RETURN_ON_THE_STORE(Memory, in_memory);
