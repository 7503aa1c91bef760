#include "order_file.hpp"

#include <stripe_return/testkit/store_conformance.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace {

namespace sr = stripe_return;

class SqliteStore : public testing::TestWithParam<sr::testkit::store_rule> {};

TEST_P(SqliteStore, Conforms) {
  std::optional<order_file> file;
  const auto open = [&] { return file->open(); };
  const auto make_empty = [&] {
    file.emplace();
    return open();
  };
  EXPECT_THAT(GetParam().failures({make_empty, open}), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(StoreConformance, SqliteStore,
                         testing::ValuesIn(sr::testkit::store_rules()),
                         [](const auto& named) { return std::string(named.param.name); });

} // namespace
