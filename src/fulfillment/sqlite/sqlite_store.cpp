#include <stripe_return/fulfillment/sqlite_store.hpp>

#include "fulfillment/sqlite/sqlite_lane.hpp"
#include "fulfillment/sqlite/sqlite_schema.hpp"

#include <algorithm>
#include <limits>

namespace stripe_return {
inline namespace v0 {
namespace {

// SQLite's integers have a sign. Versions keep their order: none gets that far.
std::int64_t signed_of(std::uint64_t version) {
  return static_cast<std::int64_t>(version);
}

std::int64_t limit_of(std::size_t limit) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return limit > static_cast<std::size_t>(most) ? most : static_cast<std::int64_t>(limit);
}

// The order's columns, as both statements that write them number them.
void bind_order(sqlite_use& use, const order_record& order, const std::string& text) {
  const order_index index = index_of(order);
  use.bind(order.out_trade_no)
      .bind(signed_of(order.version))
      .bind(text)
      .bind(index.claimable_at)
      .bind(index.ask_at)
      .bind(index.due_since)
      .bind(index.leased_until)
      .bind(std::int64_t{index.in_review});
}

void add_beside(sqlite_connection& connection, const order_record& order,
                const history_entry& entry) {
  const std::string reasons = to_text(entry.reasons);
  sqlite_use(connection, sqlite_sql::add_history)
      .bind(order.out_trade_no)
      .bind(signed_of(order.version))
      .bind(entry.at)
      .bind(entry.who)
      .bind(entry.what)
      .bind(entry.session_id)
      .bind(entry.event_id)
      .bind(reasons)
      .bind(entry.note)
      .step();
  for (const session_record& each : order.sessions) {
    sqlite_use(connection, sqlite_sql::add_session).bind(each.id).bind(order.out_trade_no).step();
  }
}

bool written(const host_writes& writes, sqlite3* handle) noexcept {
  try {
    open_transaction open;
    open.sqlite = handle;
    return writes(open);
  } catch (...) {
    return false;
  }
}

std::vector<std::string> numbers_of(sqlite_use& use) {
  std::vector<std::string> numbers;
  while (use.step())
    numbers.emplace_back(use.text(0));
  return numbers;
}

std::vector<std::string> numbers_until(sqlite_connection& connection, sqlite_sql which,
                                       unix_seconds now, std::size_t limit) {
  sqlite_use use(connection, which);
  return numbers_of(use.bind(now).bind(limit_of(limit)));
}

template <class T> T or_throw(result<T> parsed) {
  if (!parsed) throw sqlite_failure(parsed.error(), false);
  return *std::move(parsed);
}

} // namespace

// A reader does not wait for a commit to reach the disk: src/adr/0008.
struct sqlite_store::lanes {
  sqlite_lane reading;
  sqlite_lane writing;

  // Writes that are committed if they say true.
  template <class Writes> result<bool> change(const Writes& writes) {
    return writing.with([&](sqlite_connection& connection) {
      sqlite_transaction transaction(connection);
      check_sqlite_schema(connection);
      if (!writes(connection)) return false;
      transaction.commit();
      return true;
    });
  }
};

sqlite_store::sqlite_store(std::string path, sqlite_options options) {
  using std::chrono::milliseconds;
  // SQLite counts in an int.
  const milliseconds timeout = std::clamp(options.busy_timeout, milliseconds(0),
                                          milliseconds(std::numeric_limits<int>::max()));
  lanes_.reset(new lanes{{path, timeout}, {path, timeout}});
}

sqlite_store::~sqlite_store() = default;

result<bool> sqlite_store::add(const order_record& order, const history_entry& entry) {
  const std::string text = to_text(order);
  return lanes_->change([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::add);
    bind_order(use, order, text);
    if (!use.changes()) return false;
    add_beside(connection, order, entry);
    return true;
  });
}

result<bool> sqlite_store::replace(const order_record& order, const history_entry& entry) {
  return replace_with(order, entry, [](const open_transaction&) { return true; });
}

result<bool> sqlite_store::replace_with(const order_record& order, const history_entry& entry,
                                        const host_writes& writes) {
  const std::string text = to_text(order);
  return lanes_->change([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::replace);
    bind_order(use, order, text);
    if (!use.bind(signed_of(order.version - 1)).changes()) return false;
    add_beside(connection, order, entry);
    return written(writes, connection.handle());
  });
}

result<std::optional<order_record>> sqlite_store::find(std::string_view out_trade_no) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::find);
    std::optional<order_record> found;
    if (use.bind(out_trade_no).step()) found = or_throw(parse_order_record(use.text(0)));
    return found;
  });
}

result<std::optional<std::string>> sqlite_store::order_of(std::string_view session_id) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::order_of);
    std::optional<std::string> number;
    if (use.bind(session_id).step()) number = use.text(0);
    return number;
  });
}

result<std::vector<std::string>> sqlite_store::due(unix_seconds now, std::size_t limit) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    return numbers_until(connection, sqlite_sql::due, now, limit);
  });
}

result<std::vector<std::string>> sqlite_store::to_ask(unix_seconds now, std::size_t limit) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    return numbers_until(connection, sqlite_sql::to_ask, now, limit);
  });
}

result<std::vector<std::string>> sqlite_store::in_review(std::string_view after,
                                                         std::size_t limit) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::in_review);
    return numbers_of(use.bind(after).bind(limit_of(limit)));
  });
}

result<std::vector<history_entry>> sqlite_store::history(std::string_view out_trade_no) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::history);
    use.bind(out_trade_no);
    std::vector<history_entry> lines;
    while (use.step()) {
      const auto text = [&](int column) { return std::string(use.text(column)); };
      lines.push_back({use.integer(0), text(1), text(2), text(3), text(4),
                       or_throw(parse_reasons(use.text(5))), text(6)});
    }
    return lines;
  });
}

result<store_standing> sqlite_store::standing(unix_seconds now) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::standing);
    use.bind(now).step();
    const auto count = [&](int column) { return static_cast<std::size_t>(use.integer(column)); };
    store_standing standing;
    standing.due = count(0);
    standing.oldest_due_since = use.integer_or_null(1);
    standing.leases_run_out = count(2);
    standing.in_review = count(3);
    standing.to_ask = count(4);
    return standing;
  });
}

result<std::string> sqlite_store::cursor(std::string_view name) {
  return lanes_->reading.with([&](sqlite_connection& connection) {
    sqlite_use use(connection, sqlite_sql::cursor);
    return use.bind(name).step() ? std::string(use.text(0)) : std::string();
  });
}

result<bool> sqlite_store::move_cursor(std::string_view name, std::string_view from,
                                       std::string_view to) {
  return lanes_->change([&](sqlite_connection& connection) {
    sqlite_use(connection, sqlite_sql::begin_cursor).bind(name).step();
    return sqlite_use(connection, sqlite_sql::move_cursor).bind(name).bind(from).bind(to).changes();
  });
}

} // namespace v0
} // namespace stripe_return
