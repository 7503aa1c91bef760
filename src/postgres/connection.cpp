#include "postgres/connection.hpp"

#include "postgres/connection_parameters.hpp"
#include "postgres/postgres_failure.hpp"

#include <cerrno>
#include <new>
#include <utility>

#include <poll.h>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

using std::chrono::milliseconds;

// What a statement's result may take longer than the statement: the way there and back. A server
// that is later than that does not even obey its own limit.
constexpr milliseconds allowance{1000};

// A change that was answered is there after a power failure too, even where the database's default
// is not to wait for that. Which standbys to wait for is its own affair.
constexpr const char* keep_for_good = "SELECT set_config('synchronous_commit', 'on', false) "
                                      "WHERE current_setting('synchronous_commit') = 'off'";

void ignore(void*, const char*) {}

postgres_failure cannot_connect(std::string_view message) {
  const std::string_view sqlstate = sqlstate_in(message); // of PQERRORS_SQLSTATE
  if (!sqlstate.empty()) return postgres_failure(sqlstate);
  return postgres_failure(error{error_code::store_unavailable,
                                "There is no connection to PostgreSQL: check that the "
                                "server runs and can be reached, and check conninfo."});
}

} // namespace

connection::connection(const postgres_options& options, time_point until)
    : statement_timeout_(options.statement_timeout) {
  const connection_parameters parameters(options);
  native_.reset(PQconnectStartParams(parameters.keywords(), parameters.values(), 0));
  if (!native_) throw std::bad_alloc();
  PQsetNoticeProcessor(native(), &ignore, nullptr);
  PQsetErrorVerbosity(native(), PQERRORS_SQLSTATE);
  if (!establish(until)) throw cannot_connect(PQerrorMessage(native()));
  run(keep_for_good);
  const char* encoding = PQparameterStatus(native(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    throw postgres_failure(error{error_code::store_unavailable,
                                 "The encoding of the database in PostgreSQL must be UTF8."});
}

bool connection::establish(time_point until) {
  if (PQstatus(native()) == CONNECTION_BAD) return false;
  for (PostgresPollingStatusType next = PGRES_POLLING_WRITING;; next = PQconnectPoll(native())) {
    if (next == PGRES_POLLING_OK) return true;
    if (next == PGRES_POLLING_FAILED) return false;
    if (!wait_for(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, until)) return false;
  }
}

bool connection::wait_for(short events, time_point until) const {
  pollfd socket{PQsocket(native()), events, 0};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds::zero()) return false;
    const int ready = poll(&socket, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

sql_result connection::run(const std::string& text, const parameters& values) {
  const auto [prepared, is_new] =
      prepared_.try_emplace(text, "stripe_return_" + std::to_string(prepared_.size()));
  const char* const name = prepared->second.c_str();
  if (is_new) {
    sql_result result =
        result_of(PQsendPrepare(native(), name, text.c_str(), values.count(), nullptr) == 1);
    if (!result.ok()) prepared_.erase(prepared);
    checked(std::move(result));
  }
  constexpr int binary = 1;
  return checked(
      result_of(PQsendQueryPrepared(native(), name, values.count(), values.pointers().data(),
                                    values.lengths().data(), values.formats(), binary) == 1));
}

void connection::run(const char* text) {
  checked(result_of(PQsendQuery(native(), text) == 1));
}

void connection::roll_back() noexcept {
  if (!broken() && transaction_status() != PQTRANS_IDLE)
    result_of(PQsendQuery(native(), "ROLLBACK") == 1);
}

sql_result connection::checked(sql_result result) {
  if (result.ok()) return result;
  if (!conflicts_with_another(result.sqlstate())) failed_ = true;
  throw postgres_failure(result.sqlstate());
}

sql_result connection::result_of(bool sent) {
  const time_point until = std::chrono::steady_clock::now() + statement_timeout_ + allowance;
  sql_result last;
  for (bool any = false; sent; any = true) {
    const std::optional<PGresult*> next = next_result(until);
    if (!next) return {};
    if (*next == nullptr) break;
    sql_result one(*next);
    if (!any || last.ok()) last = std::move(one);
  }
  return last;
}

// Null after the last one, nothing if it is too late.
std::optional<PGresult*> connection::next_result(time_point until) {
  while (PQisBusy(native()) == 1) {
    if (!wait_for(POLLIN, until)) return std::nullopt;
    if (PQconsumeInput(native()) == 0) break; // PQgetResult() fails then
  }
  return PQgetResult(native());
}

std::string connection::failure_of(const std::function<void()>& writes) {
  PQsetErrorVerbosity(native(), PQERRORS_VERBOSE);
  writes();
  PQsetErrorVerbosity(native(), PQERRORS_SQLSTATE);
  return std::string(sqlstate_in(PQerrorMessage(native())));
}

bool connection::reusable() const {
  return !failed_ && !broken() && transaction_status() == PQTRANS_IDLE;
}

bool connection::has_no_pending_input() const {
  pollfd socket{PQsocket(native()), POLLIN, 0};
  return poll(&socket, 1, 0) == 0;
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
