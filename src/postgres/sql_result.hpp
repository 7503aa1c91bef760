// What the server answered to a statement.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

class sql_result {
public:
  sql_result() = default; // nothing came
  explicit sql_result(PGresult* native) : native_(native) {}

  bool ok() const {
    const ExecStatusType status = PQresultStatus(native_.get());
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
  }
  // Of the failure; "" where the server did not send one.
  std::string_view sqlstate() const {
    const char* code = PQresultErrorField(native_.get(), PG_DIAG_SQLSTATE);
    return code == nullptr ? "" : code;
  }

  int rows() const { return PQntuples(native_.get()); }
  // Of a `bytea` or a `text`.
  std::string bytes(int row, int column) const {
    return {PQgetvalue(native_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(native_.get(), row, column))};
  }
  // Of a `bigint`, whose binary form begins with the highest byte.
  std::optional<std::int64_t> number(int row, int column) const {
    if (PQgetlength(native_.get(), row, column) != 8) return std::nullopt; // null
    const char* byte = PQgetvalue(native_.get(), row, column);
    std::uint64_t value = 0;
    for (int i = 0; i != 8; ++i)
      value = value << 8 | static_cast<unsigned char>(byte[i]);
    return static_cast<std::int64_t>(value);
  }

private:
  struct clear {
    void operator()(PGresult* native) const noexcept { PQclear(native); }
  };
  std::unique_ptr<PGresult, clear> native_;
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
