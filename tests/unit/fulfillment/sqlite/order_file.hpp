// A folder of its own for a test's SQLite file.
#pragma once

#include <stripe_return/fulfillment/sqlite_store.hpp>

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
  std::vector<std::string> run(const std::string& sql) const {
    std::vector<std::string> values;
    const auto keep = [](void* kept, int columns, char** texts, char**) {
      for (int i = 0; i != columns; ++i)
        static_cast<std::vector<std::string>*>(kept)->emplace_back(texts[i] ? texts[i] : "NULL");
      return 0;
    };
    if (sqlite3_exec(handle_, sql.c_str(), keep, &values, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(handle_));
    return values;
  }
  sqlite3* handle() const { return handle_; }

private:
  sqlite3* handle_ = nullptr;
};

inline stripe_return::order_record an_order(const std::string& number, std::uint64_t version = 0) {
  stripe_return::order_record order;
  order.out_trade_no = number;
  order.version = version;
  return order;
}

inline stripe_return::history_entry a_line(const std::string& what) {
  stripe_return::history_entry entry;
  entry.at = 1774267200;
  entry.who = "test";
  entry.what = what;
  return entry;
}
