// One connection to PostgreSQL.
#pragma once

#include "postgres/parameters.hpp"
#include "postgres/sql_result.hpp"

#include <stripe_return/postgres/postgres_store.hpp>

#include <libpq-fe.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

using time_point = std::chrono::steady_clock::time_point;

class connection {
public:
  // What this and run() throw is postgres_failure or std::bad_alloc.
  connection(const postgres_options& options, time_point until);

  // One statement, prepared when it is run first.
  sql_result run(const std::string& text, const parameters& values);
  // Statements without parameters, whose results are not looked at.
  void run(const char* text);
  // Where it fails the connection is of no more use, which undoes all as well.
  void roll_back() noexcept;

  // Lets the application use it, by a function that does not throw. The SQLSTATE of the last
  // statement, if that failed.
  std::string failure_of(const std::function<void()>& writes);

  // Whether it may serve another call: no transaction is open, and no failure has been seen but
  // those of conflicts_with_another().
  bool reusable() const;
  // Whether the connection is over. One that is silent for too long is not, as far as is known.
  bool broken() const { return PQstatus(native()) != CONNECTION_OK; }
  // The server sends something unasked when it ends a connection.
  bool has_no_pending_input() const;

  PGTransactionStatusType transaction_status() const { return PQtransactionStatus(native()); }
  pg_conn* native() const { return native_.get(); }

private:
  struct finish {
    void operator()(PGconn* native) const noexcept { PQfinish(native); }
  };

  bool establish(time_point until);
  // Whether the socket is ready; not if it is too late.
  bool wait_for(short events, time_point until) const;
  // The last statement's, or the first failure's.
  sql_result result_of(bool sent);
  std::optional<PGresult*> next_result(time_point until);
  sql_result checked(sql_result result);

  std::unique_ptr<PGconn, finish> native_;
  std::chrono::milliseconds statement_timeout_;
  std::unordered_map<std::string, std::string> prepared_; // names by text
  bool failed_ = false;
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
