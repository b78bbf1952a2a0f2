/** How the field of the search page is found by who wants to go there (`/`). */
export const searchFieldId = "search-field";
