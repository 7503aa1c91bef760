#include "crowd.hpp"

#include "same_store.hpp"

namespace {

TEST(Crowd, FulfilsEachPaidOrderOnceOnAMemoryStore) {
  stripe_return::memory_store kept;
  crowd([&] { return std::make_unique<same_store>(kept); }).run(200, 4, 20261123);
}

} // namespace
