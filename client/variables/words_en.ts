export const words = {
  variables: {
    title: "Variables",
    goes: "Go to the variables",
    projectLead:
      "Every task of the project finds these in its environment. A container or a task may set a name anew for itself.",
    containerLead:
      "Every task of this container finds these in its environment. They override those of the project; a change holds from the next start and makes no new version.",
    secretNote: "The value of a secret is encrypted, never shown again, and replaced by *** in output.",
    name: "Name",
    value: "Value",
    newValue: "New value",
    secret: "Secret",
    hidden: "hidden",
    setAt: "Set",
    setBy: (name: string) => `by ${name}`,
    emptyTitle: "No variables yet",
    emptyText: "Add one below, such as the address of a database or a password.",
    add: "Add variable",
    replace: "Replace value",
    replaceOne: (name: string) => `Replace the value of ${name}`,
    remove: "Delete",
    removeOne: (name: string) => `Delete ${name}`,
    saved: (name: string) => `${name} is set`,
    removed: (name: string) => `${name} is deleted`,
    save: "Save",
  },
};
