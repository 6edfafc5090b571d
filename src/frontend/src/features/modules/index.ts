export const ModulesPage = () => null;
export const ModulePage = (_: { id: string; tab: string }) => null;
