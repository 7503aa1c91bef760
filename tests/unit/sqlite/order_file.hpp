// A folder of its own for a test's SQLite file.
#pragma once

#include <stripe_return/sqlite/sqlite_store.hpp>

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

class order_file {
public:
  order_file() {
    std::string name = (std::filesystem::temp_directory_path() / "stripe_return_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made");
    folder_ = name;
  }
  ~order_file() { std::filesystem::remove_all(folder_); }
  order_file(const order_file&) = delete;
  order_file& operator=(const order_file&) = delete;

  std::filesystem::path folder() const { return folder_; }
  std::string path() const { return (folder_ / "orders.db").string(); }
  std::unique_ptr<stripe_return::sqlite_store>
  open(std::chrono::milliseconds busy_timeout = std::chrono::seconds(60)) const {
    stripe_return::sqlite_options options;
    options.busy_timeout = busy_timeout;
    return std::make_unique<stripe_return::sqlite_store>(path(), options);
  }
  void write(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
  }

private:
  std::filesystem::path folder_;
};

// Somebody else's connection to it.
class other_program {
public:
  explicit other_program(const order_file& file) {
    if (sqlite3_open(file.path().c_str(), &handle_) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle_));
  }
  ~other_program() { sqlite3_close(handle_); }
  other_program(const other_program&) = delete;
  other_program& operator=(const other_program&) = delete;

  /// The rows' columns, one after another.
  std::vector<std::string> run(const std::string& sql) const { return run(handle_, sql); }
  static std::vector<std::string> run(sqlite3* handle, const std::string& sql) {
    std::vector<std::string> values;
    const auto keep = [](void* kept, int columns, char** texts, char**) {
      for (int i = 0; i != columns; ++i)
        static_cast<std::vector<std::string>*>(kept)->emplace_back(texts[i] ? texts[i] : "NULL");
      return 0;
    };
    if (sqlite3_exec(handle, sql.c_str(), keep, &values, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle));
    return values;
  }

private:
  sqlite3* handle_ = nullptr;
};

inline stripe_return::order_change a_change(const std::string& key, std::uint64_t version = 1,
                                            std::vector<std::string> new_ids = {}) {
  stripe_return::order_change change;
  change.row.key = key;
  change.row.version = version;
  change.row.text = "text " + std::to_string(version);
  change.row.index.time(stripe_return::order_list::all) = 1774267200;
  change.row.index.stage = "open";
  change.new_ids = std::move(new_ids);
  change.history = std::to_string(version);
  return change;
}

// Whether it is done; what fails ends the test, or the child that it runs in.
inline bool put(stripe_return::order_store& store, const stripe_return::order_change& change,
                const stripe_return::transaction_writes& writes = {}) {
  const auto answer = store.put(change, writes);
  if (!answer) throw std::runtime_error(answer.error().message);
  return *answer == stripe_return::put_result::done;
}

// 0: it is not there. Its history says the same: for when nobody else changes it.
inline std::uint64_t version_of(stripe_return::order_store& store, const std::string& key) {
  const auto row = store.find(key);
  if (!row) throw std::runtime_error(row.error().message);
  const auto lines = store.history(key);
  if (!lines) throw std::runtime_error(lines.error().message);
  const std::uint64_t version = *row ? (*row)->version : 0;
  if (lines->size() != version) throw std::runtime_error("the history is another version's");
  return version;
}
