// One connection to PostgreSQL.
#pragma once

#include "fulfillment/postgres/statements.hpp"

#include <stripe_return/core/result.hpp>
#include <stripe_return/fulfillment/postgres_store.hpp>

#include <libpq-fe.h>

#include <bitset>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

using time_point = std::chrono::steady_clock::time_point;

// What the server said to one statement.
class reply {
public:
  reply() = default; // nothing came
  explicit reply(PGresult* result) : result_(result) {}

  bool ok() const;
  // Of the failure; "" where the server did not tell one.
  std::string_view sqlstate() const;

  int rows() const { return PQntuples(result_.get()); }
  // A null is "" and 0.
  std::string_view text(int row, int column) const;
  std::string bytes(int row, int column) const;
  std::int64_t number(int row, int column) const;
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }

private:
  struct clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
  };
  std::unique_ptr<PGresult, clear> result_;
};

class connection {
public:
  static result<std::unique_ptr<connection>> open(const postgres_options& options,
                                                  time_point until);

  reply run(statement which, const statement_texts& texts, const parameters& values);
  // Statements without parameters; the reply is the last one's, or the first failure.
  reply run(const std::string& text);

  // Lets others use it, who do not throw. The SQLSTATE of their last statement, if that failed.
  std::string failure_of(const std::function<void()>& others);

  // Whether it may serve another call: no transaction is open, and no failure but those of
  // was_in_the_way() has been seen.
  bool fit() const;
  // Whether the connection is over. One that is silent for too long is not, as far as is known.
  bool broken() const { return PQstatus(native()) != CONNECTION_OK; }
  // Whether the server has said nothing since the last reply, as it does when it ends a connection.
  bool quiet() const;

  PGTransactionStatusType transaction() const { return PQtransactionStatus(native()); }
  pg_conn* native() const { return native_.get(); }

private:
  struct finish {
    void operator()(PGconn* native) const noexcept { PQfinish(native); }
  };

  connection(PGconn* native, std::chrono::milliseconds statement_timeout)
      : native_(native), statement_timeout_(statement_timeout) {}

  bool establish(time_point until);
  // Whether the socket is ready; not if it is too late.
  bool wait_for(short events, time_point until) const;
  reply answer(bool sent);
  std::optional<PGresult*> next_result(time_point until);

  std::unique_ptr<PGconn, finish> native_;
  std::chrono::milliseconds statement_timeout_;
  std::bitset<statement_count> prepared_;
  bool failed_ = false;
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
