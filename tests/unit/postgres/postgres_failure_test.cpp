#include "postgres/postgres_failure.hpp"

#include <gtest/gtest.h>

namespace {

namespace sr = stripe_return;
using sr::postgres::postgres_failure;
using sr::postgres::sqlstate_in;

TEST(PostgresFailure, FindsTheState) {
  EXPECT_EQ(sqlstate_in("FATAL:  28P01"), "28P01");
  EXPECT_EQ(sqlstate_in("connection to server at \"a\" failed: FATAL:  57P03\n"), "57P03");
  EXPECT_EQ(sqlstate_in("FEHLER:  40001: konnte nicht:  so\nORT:  x, y.c:1\n"), "40001");
  EXPECT_EQ(sqlstate_in("FATAL:  57P03\nconnection to server on socket \"/dev/null/none\" failed: "
                        "Not a directory\n"),
            "57P03");
  for (const char* none : {"", ":  ", "ERROR:  4000", "ERROR:  400011", "ERROR:  4000a", "40001",
                           "could not translate host name"})
    EXPECT_EQ(sqlstate_in(none), "") << none;
}

TEST(PostgresFailure, HasACodeOfItsOwn) {
  const struct {
    const char* sqlstate;
    sr::error_code code;
  } cases[] = {
      {"", sr::error_code::store_unavailable},      {"08006", sr::error_code::store_unavailable},
      {"25006", sr::error_code::store_unavailable}, {"28P01", sr::error_code::store_unavailable},
      {"40001", sr::error_code::store_unavailable}, {"42501", sr::error_code::store_unavailable},
      {"53100", sr::error_code::store_unavailable}, {"57P01", sr::error_code::store_unavailable},
      {"P0001", sr::error_code::store_unavailable}, {"42P01", sr::error_code::store_corrupt},
      {"42703", sr::error_code::store_corrupt},     {"3F000", sr::error_code::store_corrupt},
      {"42P05", sr::error_code::store_unavailable}, {"26000", sr::error_code::store_unavailable},
      {"42P06", sr::error_code::store_unavailable}, {"42P07", sr::error_code::store_unavailable},
      {"XX001", sr::error_code::store_corrupt},     {"XX002", sr::error_code::store_corrupt}};
  for (const auto& each : cases) {
    const sr::error made = postgres_failure(each.sqlstate).take();
    EXPECT_EQ(made.code, each.code) << each.sqlstate;
    EXPECT_NE(made.message.find(each.sqlstate), std::string::npos);
    EXPECT_EQ(made.message.back(), '.');
  }
}

TEST(PostgresFailure, SaysThatThePoolerIsInTheWay) {
  for (const char* each : {"42P05", "26000"})
    EXPECT_NE(postgres_failure(each).take().message.find("pool by session"), std::string::npos);
}

TEST(PostgresFailure, DoesNotRepeatWhatIsNoState) {
  for (const char* other : {"jane@", "x", "'; --"})
    EXPECT_EQ(postgres_failure(other).take().message.find(other), std::string::npos);
}

} // namespace
