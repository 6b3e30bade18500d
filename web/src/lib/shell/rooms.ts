import BellRing from '@lucide/svelte/icons/bell-ring';
import BrainCircuit from '@lucide/svelte/icons/brain-circuit';
import Database from '@lucide/svelte/icons/database';
import History from '@lucide/svelte/icons/history';
import House from '@lucide/svelte/icons/house';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import NotebookText from '@lucide/svelte/icons/notebook-text';
import Radio from '@lucide/svelte/icons/radio';
import Settings from '@lucide/svelte/icons/settings-2';
import Plug from '@lucide/svelte/icons/plug';
import SquareTerminal from '@lucide/svelte/icons/square-terminal';
import Workflow from '@lucide/svelte/icons/workflow';

/** The rooms that exist. A room is in the rail when it has a page. */
export const rooms = [
  { path: '/', key: 'home', icon: House },
  { path: '/notebooks', key: 'notebooks', icon: NotebookText },
  { path: '/sources', key: 'sources', icon: Plug },
  { path: '/tables', key: 'tables', icon: Database },
  { path: '/sql', key: 'sql', icon: SquareTerminal },
  { path: '/pipelines', key: 'pipelines', icon: Workflow },
  { path: '/streams', key: 'streams', icon: Radio },
  { path: '/models', key: 'models', icon: BrainCircuit },
  { path: '/runs', key: 'runs', icon: History },
  { path: '/alerts', key: 'alerts', icon: BellRing },
  { path: '/dashboards', key: 'dashboards', icon: LayoutDashboard },
  { path: '/settings', key: 'settings', icon: Settings },
] as const;

export function isInRoom(pathname: string, path: string): boolean {
  return path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
}
