#include "keeper_form.hpp"

namespace {

html hidden_input(std::string_view name, std::string_view value) {
  html input;
  input << "<input type=\"hidden\" name=\"" << name << "\" value=\"" << value << "\">\n";
  return input;
}

} // namespace

html opened_form(const form_keys& keys, std::string_view action, std::string_view name,
                 std::string_view hidden) {
  html form;
  form << "<form method=\"post\" action=\"/orders/" << action << "\">\n"
       << hidden_input("csrf", keys.csrf) << hidden_input("number", keys.reference);
  if (!name.empty()) form << hidden_input(name, hidden);
  return form;
}

html button(const visit& visit, const bilingual& label, bool quiet) {
  return button(visit, label, {}, {}, quiet);
}

html button(const visit& visit, const bilingual& label, std::string_view name,
            std::string_view value, bool quiet) {
  html made("<button");
  if (quiet) made << " class=\"quiet\"";
  if (!name.empty()) made << " name=\"" << name << "\" value=\"" << value << "\"";
  made << ">" << visit.say(label) << "</button>\n";
  return made;
}

html text_input(const visit& visit, const bilingual& label, std::string_view name,
                std::string_view id, bool required) {
  html input;
  input << "<label for=\"" << id << "\">" << visit.say(label) << "</label>\n<input id=\"" << id
        << "\" name=\"" << name << "\" maxlength=\"500\" autocomplete=\"off\"";
  if (required) input << " required";
  input << ">\n";
  return input;
}

html one_button(const visit& visit, const form_keys& keys, std::string_view action,
                const bilingual& label, std::string_view name, std::string_view hidden) {
  html form = opened_form(keys, action, name, hidden);
  form << button(visit, label) << "</form>\n";
  return form;
}
