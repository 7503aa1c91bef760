#include <stripe_return/postgres/postgres_store.hpp>

#include "postgres/connection_pool.hpp"
#include "postgres/postgres_failure.hpp"
#include "postgres/statements.hpp"

#include <new>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using postgres::connection_pool;
using postgres::parameters;
using postgres::parameters_of;
using postgres::postgres_failure;
using postgres::sql_result;
using std::chrono::milliseconds;

// How often a transaction is made that conflicts with others. Each time one of them has succeeded,
// so this ends but for a crowd.
constexpr int max_attempts = 10;

constexpr char store_kind = 0; // its address

std::optional<error> check(const postgres_options& options) {
  constexpr milliseconds most{600000};
  const auto invalid = [](const char* sentence) {
    return error{error_code::invalid_option, sentence};
  };
  if (options.schema.empty() || options.schema.size() > 63 ||
      options.schema.find('\0') != std::string::npos)
    return invalid("The option schema must be a name of 1 to 63 bytes.");
  if (options.connections < 1 || options.connections > 1000)
    return invalid("The option connections must be from 1 to 1000.");
  if (options.connect_timeout < milliseconds(1000) || options.connect_timeout > most)
    return invalid("The option connect_timeout must be from 1 s to 10 minutes.");
  if (options.statement_timeout < milliseconds(1) || options.statement_timeout > most)
    return invalid("The option statement_timeout must be from 1 ms to 10 minutes.");
  return std::nullopt;
}

order_row row_of(const sql_result& found, int row) {
  order_row one{found.bytes(row, 0),
                static_cast<std::uint64_t>(found.number(row, 1).value_or(0)),
                found.bytes(row, 2),
                {}};
  one.index.stage = found.bytes(row, 3);
  one.index.waits_for = found.bytes(row, 4);
  for (std::size_t i = 0; i != order_list_count; ++i)
    one.index.times[i] = found.number(row, 5 + static_cast<int>(i));
  return one;
}

put_result put_result_of(const sql_result& answered) {
  switch (answered.number(0, 0).value_or(1)) {
  case 0: return put_result::done;
  case 2: return put_result::id_taken;
  default: return put_result::version_changed;
  }
}

bool agree(const transaction_writes& writes, const postgres::connection& on) noexcept {
  try {
    transaction open(&store_kind, on.native());
    return writes(open);
  } catch (...) {
    return false;
  }
}

} // namespace

class postgres_store::impl {
public:
  explicit impl(postgres_options options)
      : sql(options.schema), refused_(check(options)), pool_(std::move(options)) {}

  // What `work` returns, or why it failed.
  template <class Work> auto answer(const Work& work) -> result<decltype(work())> {
    try {
      if (refused_) return *refused_;
      return work();
    } catch (postgres_failure& failure) {
      return failure.take();
    } catch (const std::bad_alloc&) { // the message needs no memory of its own
      return error{error_code::store_unavailable, "Out of memory."};
    }
  }

  sql_result read(const std::string& text, const parameters& values) {
    return repeat([&](postgres::connection& on, bool&) { return on.run(text, values); });
  }

  sql_result change(const std::string& text, const parameters& values) {
    return repeat([&](postgres::connection& on, bool& in_doubt) {
      in_doubt = true;
      return on.run(text, values);
    });
  }

  std::optional<order_row> find(const std::string& text, std::string_view by) {
    const sql_result found = read(text, parameters().bytes(by));
    if (found.rows() == 0) return std::nullopt;
    return row_of(found, 0);
  }

  put_result put(const std::string& text, const parameters& values,
                 const transaction_writes& writes) {
    return repeat([&](postgres::connection& on, bool& in_doubt) {
      on.run("BEGIN");
      const put_result made = put_result_of(on.run(text, values));
      if (made != put_result::done || !write(on, writes)) {
        on.roll_back();
        return made == put_result::done ? put_result::refused : made;
      }
      in_doubt = true;
      try {
        on.run("COMMIT");
      } catch (const postgres_failure& failure) {
        if (failure.breaks_a_constraint()) return put_result::refused;
        throw;
      }
      return put_result::done;
    });
  }

  const postgres::statements sql;

private:
  // What has changed nothing may be done again: after a conflict, and on a new connection where the
  // old one broke. `work` sets the bool before what may be done although its connection breaks.
  template <class Work>
  auto repeat(const Work& work)
      -> decltype(work(std::declval<postgres::connection&>(), std::declval<bool&>())) {
    for (int attempts = 1;; ++attempts) {
      connection_pool::lease on = pool_.take();
      bool in_doubt = false;
      try {
        return work(*on, in_doubt);
      } catch (const postgres_failure& failure) {
        const bool again = postgres::conflicts_with_another(failure.sqlstate())
                               ? attempts < max_attempts
                               : on->broken() && !in_doubt && attempts == 1;
        if (!again) throw;
        on->roll_back();
      }
    }
  }

  // Whether the application's writes are made and may be committed.
  static bool write(postgres::connection& on, const transaction_writes& writes) {
    bool agreed = false;
    const std::string sqlstate = on.failure_of([&] { agreed = agree(writes, on); });
    const PGTransactionStatusType status = on.transaction_status();
    if (status == PQTRANS_INTRANS) return agreed;
    if (status == PQTRANS_INERROR && !postgres::is_serialization_failure(sqlstate)) return false;
    // Otherwise the connection broke, or they did what they must not.
    throw postgres_failure(status == PQTRANS_INERROR ? sqlstate : std::string());
  }

  const std::optional<error> refused_;
  connection_pool pool_;
};

postgres_store::postgres_store(postgres_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {}

postgres_store::~postgres_store() = default;

result<put_result> postgres_store::put(const order_change& change,
                                       const transaction_writes& writes) {
  return impl_->answer([&] {
    const std::string& text = impl_->sql.put(change);
    if (writes) return impl_->put(text, parameters_of(change), writes);
    return put_result_of(impl_->change(text, parameters_of(change)));
  });
}

result<std::optional<order_row>> postgres_store::find(std::string_view key) {
  return impl_->answer([&] { return impl_->find(impl_->sql.find, key); });
}

result<std::optional<order_row>> postgres_store::find_by_id(std::string_view id) {
  return impl_->answer([&] { return impl_->find(impl_->sql.find_by_id, id); });
}

result<std::vector<order_row>> postgres_store::list(const row_query& query) {
  return impl_->answer([&] {
    const sql_result found = impl_->read(impl_->sql.list(query), parameters_of(query));
    std::vector<order_row> rows;
    for (int row = 0; row != found.rows(); ++row)
      rows.push_back(row_of(found, row));
    return rows;
  });
}

result<list_stats> postgres_store::stats(order_list list, unix_seconds until) {
  return impl_->answer([&] {
    const sql_result found = impl_->read(impl_->sql.stats(list), parameters().number(until));
    return list_stats{static_cast<std::size_t>(found.number(0, 0).value_or(0)), found.number(0, 1)};
  });
}

result<std::vector<std::string>> postgres_store::history(std::string_view key) {
  return impl_->answer([&] {
    const sql_result found = impl_->read(impl_->sql.history, parameters().bytes(key));
    std::vector<std::string> lines;
    for (int row = 0; row != found.rows(); ++row)
      lines.push_back(found.bytes(row, 0));
    return lines;
  });
}

result<std::string> postgres_store::value(std::string_view name) {
  return impl_->answer([&] {
    const sql_result found = impl_->read(impl_->sql.value, parameters().bytes(name));
    return found.rows() == 0 ? std::string() : found.bytes(0, 0);
  });
}

result<bool> postgres_store::change_value(std::string_view name, std::string_view from,
                                          std::string_view to) {
  return impl_->answer([&] {
    return impl_->change(impl_->sql.change_value, parameters().bytes(name).bytes(from).bytes(to))
               .number(0, 0) == 1;
  });
}

pg_conn* postgres_connection_of(const transaction& open) noexcept {
  return static_cast<pg_conn*>(open.connection_of(&store_kind));
}

} // namespace v0
} // namespace stripe_return
