/** Modules: what they are, what they may do, how they fare. */
export { ModulePage } from './module-page';
export { ModulesPage } from './modules-page';
