#include <stripe_return/orders/memory_store.hpp>

#include <array>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

const char memory_store_kind = 0;

bool written(const transaction_writes& writes) noexcept {
  if (!writes) return true;
  try {
    transaction open(&memory_store_kind, nullptr);
    return writes(open);
  } catch (...) {
    return false;
  }
}

} // namespace

struct memory_store::impl {
  struct kept_row {
    order_row row;
    std::list<std::string> history;
  };
  // The keys are those of the rows that are kept.
  using rows_by_time = std::set<std::pair<unix_seconds, std::string_view>>;

  std::mutex mutex;
  std::map<std::string, kept_row, std::less<>> rows;
  std::map<std::string, kept_row*, std::less<>> row_of_id;
  std::array<rows_by_time, order_list_count> lists;
  std::map<std::string, std::string, std::less<>> values;

  // The message needs no memory of its own.
  template <class Work> auto locked(const Work& work) -> result<decltype(work())> {
    try {
      const std::lock_guard<std::mutex> lock(mutex);
      return work();
    } catch (const std::bad_alloc&) {
      return error{error_code::store_unavailable, "Out of memory."};
    }
  }

  // All that needs memory is made before the first change, and then moved over node by node.
  put_result put(const order_change& change, const transaction_writes& writes) {
    const auto at = rows.find(change.row.key);
    const std::uint64_t before = at == rows.end() ? 0 : at->second.row.version;
    if (before + 1 != change.row.version) return put_result::version_changed;
    decltype(rows) new_rows;
    if (at == rows.end()) new_rows.try_emplace(change.row.key);
    const auto mine = at == rows.end() ? new_rows.begin() : at;
    kept_row& kept = mine->second;
    decltype(row_of_id) new_ids;
    for (const std::string& id : change.new_ids) {
      const auto owner = row_of_id.find(id);
      if (owner != row_of_id.end() && owner->second != &kept) return put_result::id_taken;
      new_ids.try_emplace(id, &kept);
    }
    order_row next = change.row;
    std::list<std::string> line{change.history};
    decltype(lists) places;
    for (std::size_t i = 0; i != order_list_count; ++i)
      if (next.index.times[i]) places[i].emplace(*next.index.times[i], mine->first);
    if (!written(writes)) return put_result::refused;

    for (std::size_t i = 0; i != order_list_count; ++i) {
      if (kept.row.index.times[i]) lists[i].erase({*kept.row.index.times[i], mine->first});
      lists[i].merge(places[i]);
    }
    std::swap(kept.row, next);
    kept.history.splice(kept.history.end(), line);
    row_of_id.merge(new_ids);
    rows.merge(new_rows);
    return put_result::done;
  }

  std::vector<order_row> list(const row_query& query) const {
    const rows_by_time& all = lists[static_cast<std::size_t>(query.list)];
    std::vector<order_row> found;
    for (auto at = query.after ? all.upper_bound({query.after->time, query.after->key})
                               : all.begin();
         at != all.end() && at->first <= query.until && found.size() != query.limit; ++at) {
      const order_row& row = rows.find(at->second)->second.row;
      if ((query.stage.empty() || query.stage == row.index.stage) &&
          (query.waits_for.empty() || query.waits_for == row.index.waits_for))
        found.push_back(row);
    }
    return found;
  }

  std::string value(std::string_view name) const {
    const auto at = values.find(name);
    return at == values.end() ? std::string() : at->second;
  }
};

memory_store::memory_store() : impl_(std::make_unique<impl>()) {}
memory_store::~memory_store() = default;

result<put_result> memory_store::put(const order_change& change, const transaction_writes& writes) {
  return impl_->locked([&] { return impl_->put(change, writes); });
}

result<std::optional<order_row>> memory_store::find(std::string_view key) {
  return impl_->locked([&] {
    const auto at = impl_->rows.find(key);
    return at == impl_->rows.end() ? std::nullopt : std::optional<order_row>(at->second.row);
  });
}

result<std::optional<order_row>> memory_store::find_by_id(std::string_view id) {
  return impl_->locked([&] {
    const auto at = impl_->row_of_id.find(id);
    return at == impl_->row_of_id.end() ? std::nullopt : std::optional<order_row>(at->second->row);
  });
}

result<std::vector<order_row>> memory_store::list(const row_query& query) {
  return impl_->locked([&] { return impl_->list(query); });
}

result<list_stats> memory_store::stats(order_list list, unix_seconds until) {
  return impl_->locked([&] {
    list_stats stats;
    for (const auto& place : impl_->lists[static_cast<std::size_t>(list)]) {
      if (place.first > until) break;
      if (stats.count++ == 0) stats.oldest = place.first;
    }
    return stats;
  });
}

result<std::vector<std::string>> memory_store::history(std::string_view key) {
  return impl_->locked([&] {
    const auto at = impl_->rows.find(key);
    if (at == impl_->rows.end()) return std::vector<std::string>();
    return std::vector<std::string>(at->second.history.begin(), at->second.history.end());
  });
}

result<std::string> memory_store::value(std::string_view name) {
  return impl_->locked([&] { return impl_->value(name); });
}

result<bool> memory_store::change_value(std::string_view name, std::string_view from,
                                        std::string_view to) {
  return impl_->locked([&] {
    if (impl_->value(name) != from) return false;
    std::string next(to);
    impl_->values[std::string(name)].swap(next);
    return true;
  });
}

} // namespace v0
} // namespace stripe_return
