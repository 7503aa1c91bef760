#include "order_file.hpp"

#include <stripe_return/testkit/order_store_conformance.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

void PrintTo(const conformance_case& each, std::ostream* out) {
  *out << each.name;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return

namespace {

namespace sr = stripe_return;

// How the application made the file; nothing: the store makes it.
using settings = const char*;

class SqliteStore
    : public testing::TestWithParam<std::tuple<settings, sr::testkit::conformance_case>> {};

TEST_P(SqliteStore, Conforms) {
  const std::string made = std::get<0>(GetParam());
  std::optional<order_file> file;
  const auto open = [&] { return file->open(); };
  const auto make_empty = [&] {
    file.emplace();
    if (!made.empty()) other_program(*file).run(made + "; CREATE TABLE mine (x TEXT)");
    return open();
  };
  EXPECT_THAT(std::get<1>(GetParam()).failures({make_empty, open}), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    OrderStoreConformance, SqliteStore,
    testing::Combine(testing::Values("",
                                     "PRAGMA journal_mode = DELETE; PRAGMA encoding = 'UTF-16'"),
                     testing::ValuesIn(sr::testkit::conformance_cases())),
    [](const auto& named) {
      return std::string(std::get<1>(named.param).name) +
             (*std::get<0>(named.param) == '\0' ? "" : "_in_another_file");
    });

} // namespace
