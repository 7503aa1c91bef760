#include <stripe_return/fulfillment/postgres_store.hpp>

#include "fulfillment/postgres/connection_pool.hpp"
#include "fulfillment/postgres/sql_error.hpp"
#include "fulfillment/postgres/stored_text.hpp"

#include <new>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using postgres::connection_pool;
using postgres::parameters;
using postgres::reply;
using postgres::statement;
using std::chrono::milliseconds;

// How often a transaction is made that others are in the way of. Each time one of them has
// succeeded, so this ends but for a crowd.
constexpr int most_tries = 10;

std::optional<error> check(const postgres_options& options) {
  constexpr milliseconds most{600000};
  const auto invalid = [](const char* sentence) {
    return error{error_code::invalid_option, sentence};
  };
  if (options.schema.empty() || options.schema.size() > 63 ||
      postgres::stored_text(options.schema) != options.schema)
    return invalid("The option schema must be a name of 1 to 63 bytes.");
  if (options.connections < 1 || options.connections > 1000)
    return invalid("The option connections must be from 1 to 1000.");
  if (options.connect_timeout < milliseconds(1000) || options.connect_timeout > most)
    return invalid("The option connect_timeout must be from 1 s to 10 minutes.");
  if (options.statement_timeout < milliseconds(1) || options.statement_timeout > most)
    return invalid("The option statement_timeout must be from 1 ms to 10 minutes.");
  return std::nullopt;
}

std::vector<std::string> first_column(const reply& said) {
  std::vector<std::string> all;
  for (int row = 0; row != said.rows(); ++row)
    all.push_back(said.bytes(row, 0));
  return all;
}

bool agreed(const host_writes& writes, postgres::connection& on) noexcept {
  open_transaction open;
  open.postgres = on.native();
  try {
    return writes(open);
  } catch (...) {
    return false;
  }
}

} // namespace

class postgres_store::engine {
public:
  explicit engine(postgres_options options)
      : refused_(check(options)), texts_(postgres::texts_for(options.schema)),
        pool_(std::move(options)) {}

  result<reply> read(statement which, const parameters& values) { return run(which, values, true); }

  // Whether a row was changed.
  result<bool> change(statement which, const parameters& values) {
    const result<reply> said = run(which, values, false);
    if (!said) return said.error();
    return said->number(0, 0) == 1;
  }

  result<bool> change_with(const parameters& values, const host_writes& writes) {
    if (refused_) return *refused_;
    for (int tries = 1;; ++tries) {
      result<connection_pool::lease> on = pool_.take();
      if (!on) return std::move(on).error();
      const attempt made = try_with(**on, values, writes);
      if (made.answer) return *made.answer;
      const bool again = made.undone && (made.broken ? tries == 1 : tries < most_tries);
      if (!again) return postgres::error_of(made.sqlstate);
    }
  }

private:
  struct attempt {
    std::optional<bool> answer{};
    std::string sqlstate{}; // if there is no answer
    bool undone = false;    // and nothing can have been committed
    bool broken = false;    // with the connection
  };

  result<reply> run(statement which, const parameters& values, bool reads) {
    if (refused_) return *refused_;
    for (int tries = 1;; ++tries) {
      result<connection_pool::lease> on = pool_.take();
      if (!on) return std::move(on).error();
      reply said = (*on)->run(which, texts_, values);
      if (said.ok()) return said;
      const bool again = postgres::was_in_the_way(said.sqlstate())
                             ? tries < most_tries
                             : reads && tries == 1 && (*on)->broken();
      if (!again) return postgres::error_of(said.sqlstate());
    }
  }

  attempt try_with(postgres::connection& on, const parameters& values, const host_writes& writes) {
    if (const reply begun = on.run("BEGIN"); !begun.ok()) return failed(on, begun.sqlstate());
    const reply said = on.run(statement::replace, texts_, values);
    if (!said.ok()) return failed(on, said.sqlstate());
    if (said.number(0, 0) == 0) return undo(on);
    bool good = false;
    const std::string sqlstate = on.failure_of([&] { good = agreed(writes, on); });
    switch (on.transaction()) {
    case PQTRANS_INTRANS: return good ? commit(on) : undo(on);
    case PQTRANS_INERROR:
      return postgres::was_in_the_way(sqlstate) ? failed(on, sqlstate) : undo(on);
    default: return failed(on, {}); // the connection broke, or they did what they must not
    }
  }

  // Where a ROLLBACK fails the connection is closed, which undoes all as well.
  static attempt undo(postgres::connection& on) {
    on.run("ROLLBACK");
    return {false};
  }

  // Before COMMIT.
  static attempt failed(postgres::connection& on, std::string_view sqlstate) {
    attempt over{std::nullopt, std::string(sqlstate),
                 postgres::was_in_the_way(sqlstate) || on.broken(), on.broken()};
    if (!on.broken()) on.run("ROLLBACK");
    return over;
  }

  static attempt commit(postgres::connection& on) {
    const reply kept = on.run("COMMIT");
    if (kept.ok()) return {true};
    if (postgres::breaks_a_constraint(kept.sqlstate())) return {false};
    return {std::nullopt, std::string(kept.sqlstate()), postgres::was_in_the_way(kept.sqlstate())};
  }

  const std::optional<error> refused_;
  const postgres::statement_texts texts_;
  connection_pool pool_;
};

postgres_store::postgres_store(postgres_options options)
    : engine_(std::make_unique<engine>(std::move(options))) {}

postgres_store::~postgres_store() = default;

result<bool> postgres_store::add(const order_record& order, const history_entry& entry) {
  return engine_->change(statement::add, postgres::of_change(order, entry));
}

result<std::optional<order_record>> postgres_store::find(std::string_view out_trade_no) {
  const result<reply> said = engine_->read(statement::find, parameters().text(out_trade_no));
  if (!said) return said.error();
  if (said->rows() == 0) return std::optional<order_record>();
  result<order_record> order = parse_order_record(said->text(0, 0));
  if (!order) return std::move(order).error();
  order->out_trade_no = out_trade_no; // the record has it as far as it is UTF-8
  if (order->expected) order->expected->out_trade_no = out_trade_no;
  return std::optional<order_record>(*std::move(order));
}

result<std::optional<std::string>> postgres_store::order_of(std::string_view session_id) {
  const result<reply> said = engine_->read(statement::order_of, parameters().text(session_id));
  if (!said) return said.error();
  if (said->rows() == 0) return std::optional<std::string>();
  return std::optional<std::string>(said->bytes(0, 0));
}

result<bool> postgres_store::replace(const order_record& order, const history_entry& entry) {
  return engine_->change(statement::replace, postgres::of_change(order, entry));
}

result<bool> postgres_store::replace_with(const order_record& order, const history_entry& entry,
                                          const host_writes& writes) {
  return engine_->change_with(postgres::of_change(order, entry), writes);
}

result<std::vector<std::string>> postgres_store::due(unix_seconds now, std::size_t limit) {
  const result<reply> said = engine_->read(statement::due, parameters().number(now).limit(limit));
  if (!said) return said.error();
  return first_column(*said);
}

result<std::vector<std::string>> postgres_store::to_ask(unix_seconds now, std::size_t limit) {
  const result<reply> said =
      engine_->read(statement::to_ask, parameters().number(now).limit(limit));
  if (!said) return said.error();
  return first_column(*said);
}

result<std::vector<std::string>> postgres_store::in_review(std::string_view after,
                                                           std::size_t limit) {
  const result<reply> said =
      engine_->read(statement::in_review, parameters().text(after).limit(limit));
  if (!said) return said.error();
  return first_column(*said);
}

result<std::vector<history_entry>> postgres_store::history(std::string_view out_trade_no) {
  const result<reply> said = engine_->read(statement::history, parameters().text(out_trade_no));
  if (!said) return said.error();
  std::vector<history_entry> lines;
  for (int row = 0; row != said->rows(); ++row) {
    result<std::vector<reason>> reasons = parse_reasons(said->text(row, 5));
    if (!reasons) return std::move(reasons).error();
    lines.push_back({said->number(row, 0), said->bytes(row, 1), said->bytes(row, 2),
                     said->bytes(row, 3), said->bytes(row, 4), *std::move(reasons),
                     said->bytes(row, 6)});
  }
  return lines;
}

result<store_standing> postgres_store::standing(unix_seconds now) {
  const result<reply> said = engine_->read(statement::standing, parameters().number(now));
  if (!said) return said.error();
  const auto count = [&](int column) { return static_cast<std::size_t>(said->number(0, column)); };
  store_standing standing;
  standing.due = count(0);
  if (!said->is_null(0, 1)) standing.oldest_due_since = said->number(0, 1);
  standing.leases_run_out = count(2);
  standing.in_review = count(3);
  standing.to_ask = count(4);
  return standing;
}

result<std::string> postgres_store::cursor(std::string_view name) {
  const result<reply> said = engine_->read(statement::cursor, parameters().text(name));
  if (!said) return said.error();
  return said->rows() == 0 ? std::string() : said->bytes(0, 0);
}

result<bool> postgres_store::move_cursor(std::string_view name, std::string_view from,
                                         std::string_view to) {
  return engine_->change(statement::move_cursor, parameters().text(name).text(from).text(to));
}

} // namespace v0
} // namespace stripe_return
