#include "postgres/statements.hpp"

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;

TEST(Statements, NameTheSchemaWhateverIsInIt) {
  EXPECT_EQ(sr::postgres::with_schema("@.a, @.b", "shop"), "\"shop\".a, \"shop\".b");
  EXPECT_EQ(sr::postgres::with_schema("@.a", "a\"@'b"), "\"a\"\"@'b\".a");
}

TEST(Statements, WriteAListAsPostgreSqlReadsOne) {
  const sr::postgres::parameters some =
      sr::postgres::parameters().list({"cs", std::string("\0\"\xff", 3), ""}).list({});
  EXPECT_STREQ(some.pointers().at(0), R"({"\\x6373","\\x0022ff","\\x"})");
  EXPECT_STREQ(some.pointers().at(1), "{}");
}

} // namespace
