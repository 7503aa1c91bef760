#include "fulfillment/postgres/connection.hpp"

#include "fulfillment/postgres/connection_parameters.hpp"
#include "fulfillment/postgres/sql_error.hpp"
#include "fulfillment/postgres/stored_text.hpp"

#include <cerrno>
#include <charconv>
#include <new>
#include <utility>

#include <poll.h>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

using std::chrono::milliseconds;

// What a statement's answer may take longer than the statement: the way there and back. Past it the
// server does not even obey its own limit.
constexpr milliseconds allowance{1000};

// A change that was told of is there after a power failure too, even where the database's default
// is not to wait for that. Which standbys to wait for is its own affair.
constexpr const char* keep_for_good = "SELECT set_config('synchronous_commit', 'on', false) "
                                      "WHERE current_setting('synchronous_commit') = 'off'";

void ignore(void*, const char*) {}

error cannot_connect(std::string_view message) {
  const std::string_view sqlstate = sqlstate_in(message); // of libpq, told to say nothing else
  if (!sqlstate.empty()) return error_of(sqlstate);
  return {error_code::store_unavailable, "There is no connection to PostgreSQL: it does not run, "
                                         "cannot be reached, or conninfo names another one."};
}

} // namespace

bool reply::ok() const {
  const ExecStatusType status = PQresultStatus(result_.get());
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

std::string_view reply::sqlstate() const {
  const char* code = PQresultErrorField(result_.get(), PG_DIAG_SQLSTATE);
  return code == nullptr ? "" : code;
}

std::string_view reply::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::string reply::bytes(int row, int column) const {
  return bytes_of(text(row, column));
}

std::int64_t reply::number(int row, int column) const {
  const std::string_view digits = text(row, column);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

result<std::unique_ptr<connection>> connection::open(const postgres_options& options,
                                                     time_point until) {
  const result<connection_parameters> parameters = connection_parameters::of(options);
  if (!parameters) return parameters.error();
  PGconn* native = PQconnectStartParams(parameters->keywords(), parameters->values(), 0);
  if (native == nullptr) throw std::bad_alloc();
  std::unique_ptr<connection> opened(new connection(native, options.statement_timeout));
  PQsetNoticeProcessor(native, &ignore, nullptr);
  PQsetErrorVerbosity(native, PQERRORS_SQLSTATE);
  if (!opened->establish(until)) return cannot_connect(PQerrorMessage(native));
  if (const reply kept = opened->run(keep_for_good); !kept.ok()) return error_of(kept.sqlstate());
  const char* encoding = PQparameterStatus(native, "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return error{error_code::store_unavailable,
                 "The encoding of the database in PostgreSQL must be UTF8."};
  }
  return opened;
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

reply connection::run(statement which, const statement_texts& texts, const parameters& values) {
  const auto number = static_cast<std::size_t>(which);
  const std::string name = "stripe_return_" + std::to_string(number);
  if (!prepared_[number]) {
    reply prepared =
        answer(PQsendPrepare(native(), name.c_str(), texts.at(number).c_str(), 0, nullptr) == 1);
    if (!prepared.ok()) return prepared;
    prepared_.set(number);
  }
  std::vector<const char*> pointers;
  for (const std::optional<std::string>& each : values.values())
    pointers.push_back(each ? each->c_str() : nullptr);
  return answer(PQsendQueryPrepared(native(), name.c_str(), static_cast<int>(pointers.size()),
                                    pointers.data(), nullptr, nullptr, 0) == 1);
}

reply connection::run(const std::string& text) {
  return answer(PQsendQuery(native(), text.c_str()) == 1);
}

reply connection::answer(bool sent) {
  const time_point until = std::chrono::steady_clock::now() + statement_timeout_ + allowance;
  reply said;
  for (bool any = false; sent; any = true) {
    const std::optional<PGresult*> next = next_result(until);
    if (!next) {
      failed_ = true;
      return reply();
    }
    if (*next == nullptr) break;
    reply one(*next);
    if (!any || said.ok()) said = std::move(one);
  }
  if (!said.ok() && !was_in_the_way(said.sqlstate())) failed_ = true;
  return said;
}

// Null after the last one, nothing if it is too late.
std::optional<PGresult*> connection::next_result(time_point until) {
  while (PQisBusy(native()) == 1) {
    if (!wait_for(POLLIN, until)) return std::nullopt;
    if (PQconsumeInput(native()) == 0) break; // PQgetResult() tells
  }
  return PQgetResult(native());
}

std::string connection::failure_of(const std::function<void()>& others) {
  PQsetErrorVerbosity(native(), PQERRORS_VERBOSE);
  others();
  PQsetErrorVerbosity(native(), PQERRORS_SQLSTATE);
  return std::string(sqlstate_in(PQerrorMessage(native())));
}

bool connection::fit() const {
  return !failed_ && !broken() && transaction() == PQTRANS_IDLE;
}

bool connection::quiet() const {
  pollfd socket{PQsocket(native()), POLLIN, 0};
  return poll(&socket, 1, 0) == 0;
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
